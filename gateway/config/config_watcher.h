#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <sys/types.h>

#include <chrono>
#include <optional>

namespace delta::config {

/// Notices that the configuration file has changed. Asks the file system once a second what the
/// path leads to: that sees an edit in place, an editor's rename over the file and a swapped
/// symbolic link alike, also on network file systems, where notifications miss some of them.
/// Waits until the file has been the same for two looks, so that a half-written one is not
/// reported.
/// Lives on the thread that made it.
class ConfigWatcher final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds defaultInterval{1'000};

    /// Takes the file as it is now for known. It need not exist.
    explicit ConfigWatcher(QString path, QObject *parent = nullptr);

    /// Looks at the file every `interval` from now on.
    void start(std::chrono::milliseconds interval = defaultInterval);
    /// Looks at the file once.
    void poll();

Q_SIGNALS:
    /// The file is another one than before, and at rest. Whoever handles SIGHUP asks for the same.
    void reloadRequested();

private:
    /// What tells two states of a file apart.
    struct Stamp {
        dev_t device = 0;
        ino_t inode = 0;
        off_t size = 0;
        std::chrono::nanoseconds modified{};
        std::chrono::nanoseconds changed{}; ///< Also of owner and mode; cannot be set back.

        bool operator==(const Stamp &) const = default;
    };

    [[nodiscard]] std::optional<Stamp> look() const;

    QString m_path;
    QTimer m_timer;
    std::optional<Stamp> m_known; ///< Of the file that was reported last.
    std::optional<Stamp> m_seen;  ///< At the last look.
};

} // namespace delta::config
