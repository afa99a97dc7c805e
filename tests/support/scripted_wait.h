#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTimer>

#include <chrono>

namespace delta::test {

/// Turns the thread's event loop until `holds()` is true, and says whether it became so in time.
/// The time is a generous bound for a busy machine, not an expectation. Unlike QTRY_VERIFY this
/// turns the loop as soon as there is something to do, and compiles under -Wconversion.
template <typename Predicate>
[[nodiscard]] bool eventually(Predicate holds,
                              std::chrono::seconds patience = std::chrono::seconds(20))
{
    const QDeadlineTimer deadline(patience);
    // The beat makes the loop look at `holds` even if only another thread has done something.
    QTimer beat;
    beat.start(std::chrono::milliseconds(5));
    while (!holds()) {
        if (deadline.hasExpired()) {
            return false;
        }
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    return true;
}

} // namespace delta::test
