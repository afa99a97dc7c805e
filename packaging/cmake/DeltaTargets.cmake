# The one place where targets are made, so that every folder is built by the same rules.

add_library(delta_options INTERFACE)
target_compile_options(delta_options INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Werror -Wno-error=maybe-uninitialized -fno-plt
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
target_compile_definitions(delta_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_KEYWORDS QT_NO_CONTEXTLESS_CONNECT
    QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_DISABLE_DEPRECATED_UP_TO=0x060800
    DELTA_VERSION="${PROJECT_VERSION}")
target_include_directories(delta_options INTERFACE "${CMAKE_SOURCE_DIR}")
if(DELTA_SANITIZE)
    target_compile_options(delta_options INTERFACE
        -fsanitize=${DELTA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(delta_options INTERFACE -fsanitize=${DELTA_SANITIZE})
endif()
if(DELTA_COVERAGE)
    target_compile_options(delta_options INTERFACE --coverage)
    target_link_options(delta_options INTERFACE --coverage)
endif()

# delta_folder(<folder> [USES <folder>...] [LINKS <library>...])
#
# Makes the target of one folder: `gateway/net` becomes the static library `delta_gateway_net`.
# USES is the include table of ARCHITECTURE.md: the folders whose headers this folder may include.
# The architecture test reads the same lines, so a forbidden #include fails twice.
function(delta_folder folder)
    cmake_parse_arguments(ARG "" "" "USES;LINKS" ${ARGN})
    set(root "${CMAKE_SOURCE_DIR}/${folder}")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${root}/*.cpp")
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS "${root}/*.h")
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    string(REPLACE "/" "_" name "delta_${folder}")
    set(links delta_options ${ARG_LINKS})
    foreach(used IN LISTS ARG_USES)
        string(REPLACE "/" "_" usedName "delta_${used}")
        list(APPEND links ${usedName})
    endforeach()
    if(sources)
        add_library(${name} STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_sources(${name} ${scope} FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${headers})
    target_link_libraries(${name} ${scope} ${links})
endfunction()
