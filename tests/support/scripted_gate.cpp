#include "tests/support/scripted_gate.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace delta::test {

ScriptedGate::ScriptedGate()
    : m_fd(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    if (m_fd < 0) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

ScriptedGate::~ScriptedGate()
{
    ::close(m_fd);
}

void ScriptedGate::open()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_fd, &one, sizeof one);
}

void ScriptedGate::waitOpen() const
{
    pollfd polled{m_fd, POLLIN, 0};
    while (::poll(&polled, 1, -1) < 0 && errno == EINTR) { }
}

} // namespace delta::test
