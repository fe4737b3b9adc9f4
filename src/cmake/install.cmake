# What `cmake --install` puts where: libraries, public headers (written and generated), the command, and the files by
# which find_package(usher) finds them. Included after all targets are there; installs those that are built.
include(CMakePackageConfigHelpers)
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/usher)

set(libraries usher usher_interface)
set_target_properties(usher_interface PROPERTIES EXPORT_NAME interface)
foreach(part sandbox bulk redis)
    if(TARGET usher_${part})
        set_target_properties(usher_${part} PROPERTIES EXPORT_NAME ${part} OUTPUT_NAME usher_${part})
        list(APPEND libraries usher_${part})
    else()
        list(APPEND absent PATTERN "${part}*" EXCLUDE)
    endif()
endforeach()

install(TARGETS ${libraries} EXPORT usher_targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT usher_targets FILE usherTargets.cmake NAMESPACE usher:: DESTINATION ${config_dir})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/usher DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${absent})
install(DIRECTORY ${PROJECT_BINARY_DIR}/generated/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.hpp")
if(TARGET usher_command)
    install(TARGETS usher_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/usherConfig.cmake.in
    ${PROJECT_BINARY_DIR}/cmake/usherConfig.cmake INSTALL_DESTINATION ${config_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmake/usherConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cmake/usherConfig.cmake ${PROJECT_BINARY_DIR}/cmake/usherConfigVersion.cmake
    DESTINATION ${config_dir})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
