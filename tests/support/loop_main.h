#pragma once

#include "gateway/net/epoll_dispatcher.h"

#include <QCoreApplication>
#include <QtTest>

/// QTEST_GUILESS_MAIN for tests of code that runs on the epoll loop: the test's own thread turns
/// one, and EpollDispatcher::ofThisThread().loop() returns it.
#define DELTA_LOOP_TEST_MAIN(TestClass)                                                            \
    int main(int argc, char *argv[])                                                               \
    {                                                                                              \
        QCoreApplication::setEventDispatcher(new delta::net::EpollDispatcher);                     \
        QCoreApplication application(argc, argv);                                                  \
        TestClass test;                                                                            \
        return QTest::qExec(&test, argc, argv);                                                    \
    }
