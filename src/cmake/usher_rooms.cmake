# How the rooms of the library are built and put together.
include(GNUInstallDirs)

# Flags that every target of the project is compiled with; nothing of it reaches users.
add_library(usher_flags INTERFACE)
target_compile_options(usher_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    $<$<BOOL:${USHER_WERROR}>:-Werror>
    # Asio's coroutines make GCC 12 suspect frames that are never read uninitialised.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
    # Their frames come from Asio's aligned_new, which it suspects too, once a coroutine is inlined where it is spawned.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
    # "x" + std::string() at -O3 (GCC bug 105651).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(USHER_SANITIZE)
    add_compile_options(-fsanitize=${USHER_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
        # Clang 14 can't assemble a coroutine whose type that check would record.
        $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>)
    add_link_options(-fsanitize=${USHER_SANITIZE})
endif()

# What users of the library get.
add_library(usher_interface INTERFACE)
target_include_directories(usher_interface SYSTEM INTERFACE $<BUILD_INTERFACE:${Boost_INCLUDE_DIRS}>)
target_include_directories(usher_interface INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/generated/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(usher_interface INTERFACE cxx_std_20)
target_link_libraries(usher_interface INTERFACE Boost::headers Boost::json OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

# usher_room(NAME SOURCES … [NEEDS ROOM …]): one room of the core library, an object library that may use only the rooms it names.
function(usher_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;NEEDS" ${ARGN})
    add_library(usher_${name} OBJECT ${ROOM_SOURCES})
    target_include_directories(usher_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(usher_${name} PUBLIC usher_interface PRIVATE usher_flags)
    foreach(needed IN LISTS ROOM_NEEDS)
        if(NOT TARGET usher_${needed})
            message(FATAL_ERROR "room ${name} needs ${needed}, which is not below it")
        endif()
    endforeach()
    set_property(GLOBAL APPEND PROPERTY USHER_CORE_ROOMS usher_${name})
endfunction()

# usher_test(NAME SOURCES … [LIBS …] [TIMEOUT SECONDS] [LABELS …]): a Boost.Test program.
function(usher_test name)
    cmake_parse_arguments(TEST "" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
    add_executable(${name} ${TEST_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name} PRIVATE ${TEST_LIBS} usher_flags Boost::unit_test_framework)
    target_compile_definitions(${name} PRIVATE BOOST_TEST_DYN_LINK USHER_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name} --log_level=test_suite)
    if(NOT TEST_TIMEOUT)
        set(TEST_TIMEOUT 120)
    endif()
    # The longest begin first, and those that measure in real time share the machine with one other at most.
    set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} COST ${TEST_TIMEOUT} LABELS "${TEST_LABELS}")
    if("realtime" IN_LIST TEST_LABELS)
        set_tests_properties(${name} PROPERTIES PROCESSORS 2)
    endif()
endfunction()
