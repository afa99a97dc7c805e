#include "gateway/app/signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

namespace delta::app {

namespace {

sigset_t handledSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&set, signal);
    }
    return set;
}

} // namespace

Signals::Signals(net::EventLoop &loop, Callbacks callbacks)
    : m_loop(loop)
    , m_callbacks(std::move(callbacks))
{
    const sigset_t set = handledSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A client that left is an error of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    // So is a file that may not grow any more (ulimit -f): it is as good as a full disk.
    std::signal(SIGXFSZ, SIG_IGN);
    m_fd = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (m_fd < 0) {
        throw std::system_error(errno, std::generic_category(), "signalfd");
    }
    m_loop.add(m_fd, EPOLLIN, *this);
}

Signals::~Signals()
{
    m_loop.remove(m_fd, *this);
    ::close(m_fd);
}

void Signals::onEvents(std::uint32_t)
{
    signalfd_siginfo info{};
    while (::read(m_fd, &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
        if (info.ssi_signo == SIGHUP) {
            m_callbacks.onReload();
        } else {
            m_callbacks.onStop();
        }
    }
}

} // namespace delta::app
