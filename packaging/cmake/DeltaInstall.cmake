# What `cmake --install` puts where. Included after the targets are made.
include(GNUInstallDirs)

set(packaging "${CMAKE_SOURCE_DIR}/packaging")
set(documents "${CMAKE_INSTALL_DATAROOTDIR}/doc/deltallm-gateway")

install(TARGETS deltallm-gateway)
install(FILES LICENSE CHANGELOG.md SECURITY.md config.example.yaml DESTINATION "${documents}")
install(FILES "${packaging}/man/deltallm-gateway.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")

install(FILES "${packaging}/completions/deltallm-gateway.bash" RENAME deltallm-gateway
    DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions")
install(FILES "${packaging}/completions/_deltallm-gateway"
    DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/zsh/vendor-completions")
install(FILES "${packaging}/completions/deltallm-gateway.fish"
    DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_completions.d")

# The unit names the binary by its whole path, which follows the prefix.
file(READ "${packaging}/systemd/deltallm-gateway.service" unit)
string(REPLACE "=/usr/bin/" "=${CMAKE_INSTALL_FULL_BINDIR}/" unit "${unit}")
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/systemd/deltallm-gateway.service" CONTENT "${unit}" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/systemd/deltallm-gateway.service"
    "${packaging}/systemd/deltallm-gateway.socket" DESTINATION lib/systemd/system)
install(FILES "${packaging}/systemd/deltallm.sysusers" RENAME deltallm.conf DESTINATION lib/sysusers.d)
