#include "tests/bench/wire/tool_process.h"

#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>

namespace delta::bench {

void prepareToolProcess()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    // By default the kernel may be 50 µs late, which is as much as what is measured.
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    std::signal(SIGPIPE, SIG_IGN);
}

} // namespace delta::bench
