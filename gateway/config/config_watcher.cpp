#include "gateway/config/config_watcher.h"

#include <QFile>
#include <sys/stat.h>

#include <utility>

namespace delta::config {

namespace {

std::chrono::nanoseconds since1970(const timespec &time)
{
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace

ConfigWatcher::ConfigWatcher(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_known(look())
    , m_seen(m_known)
{
    connect(&m_timer, &QTimer::timeout, this, &ConfigWatcher::poll);
}

void ConfigWatcher::start(std::chrono::milliseconds interval)
{
    m_timer.start(interval);
}

void ConfigWatcher::poll()
{
    const auto before = std::exchange(m_seen, look());
    // While the file is absent an editor or a deployment is about to put a new one in its place.
    if (!m_seen || m_seen == m_known || m_seen != before) {
        return;
    }
    m_known = m_seen;
    Q_EMIT reloadRequested();
}

std::optional<ConfigWatcher::Stamp> ConfigWatcher::look() const
{
    struct stat status{};
    if (::stat(QFile::encodeName(m_path).constData(), &status) != 0) {
        return std::nullopt;
    }
    return Stamp{status.st_dev, status.st_ino, status.st_size, since1970(status.st_mtim),
                 since1970(status.st_ctim)};
}

} // namespace delta::config
