"""Settings: described fields, read from XIANGDAO_* variables and from config.toml in the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from core.disk import full, is_full
from core.errors import BadInput, CannotWrite

EngineName = Literal["auto", "extractive", "local", "openvino", "remote"]
DeviceName = Literal["auto", "cpu", "gpu", "npu"]
LlamaName = Literal["auto", "llama_cpp", "xllamacpp"]
TorchDevice = Literal["auto", "cpu", "cuda"]
PRIVATE = 0o700
MOVE_HOME = "改它的权限，或把环境变量 XIANGDAO_HOME 指到一个能写的文件夹。"


def data_folder() -> Path:
    """XIANGDAO_HOME, else the platform's user data folder. Nothing is made here; BadInput where the path means nothing."""
    if home := os.environ.get("XIANGDAO_HOME"):
        try:
            return Path(home).expanduser().resolve()
        except (OSError, RuntimeError, ValueError) as exc:
            raise BadInput(f"XIANGDAO_HOME 指的不是能用的路径：{home}。", MOVE_HOME) from exc
    from platformdirs import user_data_path

    return user_data_path("xiangdao", appauthor=False)


class Settings(BaseSettings):
    """All settings. An environment variable XIANGDAO_<NAME> wins over config.toml."""

    model_config = SettingsConfigDict(env_prefix="XIANGDAO_", extra="ignore")

    home: Path = Field(default_factory=data_folder, description="数据文件夹：台账、索引、原件、设置都在这里")
    engine: EngineName = Field(
        "auto", description="用什么写答案：auto 自动，extractive 不用模型，local、openvino、remote 用模型"
    )
    user: str = Field("local", description="本机用户名，区分各人的档案、对话和私有资料", pattern=r"^[\w\-.]{1,64}$")
    passages: int = Field(8, ge=1, le=50, description="一次回答最多看多少段资料")
    question_characters: int = Field(2000, ge=100, le=20000, description="问题最长多少字")
    lock_timeout_s: float = Field(60.0, gt=0, description="等另一个程序写完索引，最多等多少秒")
    host: str = Field("127.0.0.1", description="网页绑定的地址")
    port: int = Field(7860, ge=0, le=65535, description="网页端口，0 为任选空闲端口")
    chroma_url: str = Field("", description="Chroma 服务器地址；留空用内置的")
    remote_url: str = Field("", description="OpenAI 接口的模型地址，到 /v1 为止；留空不用模型")
    remote_key: str = Field("", description="那个地址的密钥，不要就留空", repr=False)
    remote_model: str = Field("", description="那个地址上的模型名")
    mask_remote: bool = Field(True, description="文字要发到别的机器时，先把电话、企业名、自己的人数和金额换成代号")
    model: str = Field("", description="写答案用哪个本机模型；留空时用已下载的里面最大且放得下的")
    embedding_model: str = Field("", description="查资料用哪个向量模型；留空用内置的")
    reranker_model: str = Field("", description="用哪个重排模型；留空不用")
    model_mirror: str = Field(
        "modelscope", description="从哪里下载模型：modelscope、huggingface、hf-mirror，或一个网址"
    )
    device: DeviceName = Field("auto", description="OpenVINO 用什么算：auto 自动，cpu 处理器，gpu 显卡，npu")
    llama: LlamaName = Field(
        "auto", description="本机模型用哪个 llama.cpp：auto 装了哪个用哪个，llama_cpp 本机编译的，xllamacpp 现成的"
    )
    gpu_layers: int = Field(-1, ge=-1, description="llama.cpp 把模型的多少层放进显卡：-1 放得下多少放多少，0 不用显卡")
    threads: int = Field(0, ge=0, le=512, description="本机模型用几个处理器核，0 为全部")
    context_tokens: int = Field(4096, ge=1024, le=131072, description="本机模型的上下文多少词元，越大越占内存")
    answer_tokens: int = Field(400, ge=50, le=4000, description="模型一次最多写多少词元")
    first_token_target_s: float = Field(8.0, gt=0, le=300, description="希望模型几秒内开始写；给它看多少资料由此定")
    start_timeout_s: float = Field(120.0, gt=0, description="等本机模型载入，最多多少秒")
    first_token_timeout_s: float = Field(90.0, gt=0, description="等模型写出第一个字，最多多少秒")
    stall_timeout_s: float = Field(20.0, gt=0, description="模型写到一半停住，最多等多少秒")
    answer_timeout_s: float = Field(180.0, gt=0, description="模型写完一个答案，最多多少秒")
    idle_stop_s: float = Field(600.0, gt=0, description="多少秒没人问就关掉本机模型，腾出内存")
    telegram_users: str = Field("", description="谁能用 Telegram 机器人：用户编号，逗号隔开；留空谁都能用")
    telegram_api: str = Field("https://api.telegram.org", description="Telegram Bot API 的地址，用自建的才改")
    embedding_device: TorchDevice = Field("auto", description="向量模型和重排模型用什么算：auto 自动，cpu，cuda")
    dense_weight: float = Field(1.0, ge=0, le=5, description="向量模型在排序里占多重，1 为标准；自带的语义模型不受影响")
    rerank_weight: float = Field(1.0, ge=0, le=5, description="重排模型的名次占多重，1 为与原来的名次一样重，0 不用")
    rerank_budget_s: float = Field(2.0, gt=0, le=60, description="一次重排最多用多少秒；到时没看完的段落排名不变")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, data_folder() / "config.toml")
        return init_settings, env_settings, toml

    @property
    def ledger_path(self) -> Path:
        return self.home / "ledger.db"

    @property
    def vectors_path(self) -> Path:
        return self.home / "vectors"

    @property
    def models_path(self) -> Path:
        return self.home / "models"

    @property
    def originals_path(self) -> Path:
        return self.home / "originals"

    @property
    def conversations_path(self) -> Path:
        return self.home / "conversations.db"


def load_settings() -> Settings:
    """Read the settings; a wrong value is a BadInput that names it."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as exc:
        first = exc.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "?"
        raise BadInput(
            f"设置项 {name} 的值不对：{first.get('input')!r}。",
            f"改正环境变量 XIANGDAO_{name.upper()} 或 {data_folder() / 'config.toml'} 里的 {name}。",
        ) from exc
    except (OSError, ValueError) as exc:
        raise BadInput("设置文件读不懂。", f"检查或删除 {data_folder() / 'config.toml'}。") from exc


def writable_home(settings: Settings) -> Path:
    """The data folder, made where it is missing; CannotWrite where nothing can be kept there, BadInput where it is none.

    On systems that know such rights nobody else may look into it.
    """
    home = settings.home
    try:
        home.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        if os.name == "posix" and home.stat().st_uid == os.getuid() and home.stat().st_mode & 0o077:
            home.chmod(home.stat().st_mode & PRIVATE)
        probe = home / f".write-test-{os.getpid()}"
        probe.write_text("", encoding="utf-8")
        probe.unlink()
        kept = (settings.ledger_path, settings.vectors_path, settings.originals_path)
        if any(path.exists() and not os.access(path, os.W_OK) for path in kept):
            raise PermissionError
    except (FileExistsError, NotADirectoryError) as exc:
        raise BadInput(f"数据文件夹用不了：{home} 这个位置有同名的文件挡着。", MOVE_HOME) from exc
    except OSError as exc:
        if is_full(exc, home):
            raise full(home) from exc
        raise not_writable(home) from exc
    return home


def not_writable(home: Path) -> CannotWrite:
    """The error that says that nothing can be kept in a data folder."""
    return CannotWrite(f"数据文件夹写不进去：{home}。", MOVE_HOME)
