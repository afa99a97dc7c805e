# Build speed: ccache and mold are used when they are there, and never required.
find_program(DELTA_CCACHE ccache)
if(DELTA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # The sloppiness is what a precompiled header needs; it forgives nothing that this project does.
    set(CMAKE_CXX_COMPILER_LAUNCHER "${DELTA_CCACHE}" "sloppiness=pch_defines,time_macros")
endif()
find_program(DELTA_MOLD mold)
if(DELTA_MOLD)
    set(CMAKE_LINKER_TYPE MOLD)
endif()
