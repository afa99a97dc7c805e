#include "gateway/app/main_loop.h"

#include "gateway/net/epoll_dispatcher.h"

#include <QCoreApplication>

namespace delta::app {

void useMainLoop()
{
    QCoreApplication::setEventDispatcher(new net::EpollDispatcher);
}

} // namespace delta::app
