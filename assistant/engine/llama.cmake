# Read by CMake right after llama-cpp-python's project() (CMAKE_PROJECT_INCLUDE). A normal variable outlives the cache entry that
# the project forces on (policy CMP0126): llama.cpp's command line library is not used by the Python package, and takes half of the build.
set(LLAMA_BUILD_COMMON OFF)
