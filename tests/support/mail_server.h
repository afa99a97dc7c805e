#pragma once

#include <QByteArrayList>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace delta::test {

/// A real mail server, tests/support/mail_server.py, as a process of its own while this lives.
class RunningMailServer
{
public:
    /// `script` is the path of mail_server.py, `options` are its own.
    explicit RunningMailServer(const QString &script, const QStringList &options = {})
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral("python3"), QStringList{script, m_folder.path()} + options);
        if (!m_process.waitForReadyRead(30'000)) {
            qFatal("the mail server does not start");
        }
        m_port = m_process.readLine().trimmed().toInt();
    }
    ~RunningMailServer()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }
    RunningMailServer(const RunningMailServer &) = delete;
    RunningMailServer &operator=(const RunningMailServer &) = delete;

    [[nodiscard]] int port() const
    {
        return m_port;
    }
    /// Returns what it has taken so far: the objects that it writes.
    [[nodiscard]] QList<QJsonObject> messages() const
    {
        QList<QJsonObject> list;
        for (int number = 1;; ++number) {
            QFile file(m_folder.filePath(QStringLiteral("%1.json").arg(number)));
            if (!file.open(QIODevice::ReadOnly)) {
                return list;
            }
            list.append(QJsonDocument::fromJson(file.readAll()).object());
        }
    }

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    int m_port = 0;
};

} // namespace delta::test
