"""The fields of a document as the command line names them. Imports nothing: the help needs it."""

STATUSES = {"现行": "in_force", "过期": "expired", "被替代": "superseded", "参考": "reference"}
EDITS = {
    "title": "标题", "doc_no": "发文字号", "issuer": "发文机关", "published": "成文或发布的日期", "valid_from": "从哪天起有效",
    "valid_until": "有效到哪天", "deadline": "申报截止哪天", "region": "哪个地区的", "status": "现行、过期、被替代或参考",
}  # fmt: skip
"""The options of `docs edit`; published is given as --date."""
