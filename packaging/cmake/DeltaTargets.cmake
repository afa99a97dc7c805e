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
if(DELTA_FUZZ)
    # Warnings are those of GCC, which builds everything else.
    target_compile_options(delta_options INTERFACE -w -fsanitize=fuzzer-no-link)
endif()
if(DELTA_COVERAGE)
    target_compile_options(delta_options INTERFACE --coverage)
    target_link_options(delta_options INTERFACE --coverage)
endif()

# delta_precompiled_header(<target> KIND LIBRARY|PROGRAM LINKS <library>... HEADERS <header>...)
#
# Makes a target that only holds a precompiled header: what nearly every file includes and what HEADERS
# adds. Others take it by REUSE_FROM, which halves the time of a build. The release does without, and CI
# builds it too: a file that forgot an #include fails there.
function(delta_precompiled_header target)
    cmake_parse_arguments(ARG "" "KIND" "LINKS;HEADERS" ${ARGN})
    set(nothing "${CMAKE_BINARY_DIR}/precompiled.cpp")
    file(CONFIGURE OUTPUT "${nothing}" CONTENT "int main() {}\n")
    # Libraries and programs differ in -fPIC and -fPIE, so each kind needs a header of its own.
    if(ARG_KIND STREQUAL "PROGRAM")
        add_executable(${target} "${nothing}")
    else()
        add_library(${target} OBJECT "${nothing}")
    endif()
    target_link_libraries(${target} PRIVATE delta_options ${ARG_LINKS})
    target_precompile_headers(${target} PRIVATE
        "${CMAKE_SOURCE_DIR}/packaging/cmake/precompiled.h" ${ARG_HEADERS})
endfunction()

if(DELTA_PRECOMPILE)
    # ccache can only look up such a compilation if the compiler names the precompiled header it used.
    target_compile_options(delta_options INTERFACE -fpch-preprocess)
    delta_precompiled_header(delta_precompiled KIND LIBRARY LINKS Qt6::Core)
endif()

# delta_moc(<target> <file>...)
#
# Lets moc read the files that declare a Q_OBJECT. CMake's AUTOMOC would do it by itself, but looks at every
# target, which takes seconds for each of some two hundred.
function(delta_moc target)
    foreach(file IN LISTS ARGN)
        file(STRINGS "${file}" found REGEX "Q_OBJECT" LIMIT_COUNT 1)
        if(NOT found)
            continue()
        endif()
        get_filename_component(name "${file}" NAME_WE)
        if(file MATCHES "\\.h$")
            set(made "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc/moc_${name}.cpp")
        else()
            # The file includes what moc makes of it.
            set(made "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc/${name}.moc")
            target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}/${target}_moc")
        endif()
        qt_generate_moc("${file}" "${made}")
        target_sources(${target} PRIVATE "${made}")
    endforeach()
endfunction()

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
        if(DELTA_PRECOMPILE)
            target_precompile_headers(${name} REUSE_FROM delta_precompiled)
        endif()
    else()
        add_library(${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    # A header compiles alone if a file of the release begins with it. Those that no file begins with get one
    # made by CMake.
    set(lonely ${headers})
    list(TRANSFORM sources REPLACE "\\.cpp$" ".h" OUTPUT_VARIABLE begun)
    list(REMOVE_ITEM lonely ${begun})
    target_sources(${name} ${scope} FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${headers}
        FILE_SET lonely TYPE HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${lonely})
    set_target_properties(${name} PROPERTIES INTERFACE_HEADER_SETS_TO_VERIFY lonely)
    target_link_libraries(${name} ${scope} ${links})
    if(sources)
        delta_moc(${name} ${headers} ${sources})
    endif()
endfunction()
