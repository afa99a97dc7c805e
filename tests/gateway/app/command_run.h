#pragma once

#include "gateway/app/options.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QString>
#include <QTemporaryFile>
#include <unistd.h>

namespace delta::app::test {

/// Catches what is written to a descriptor of the process while it lives.
class Capture
{
public:
    explicit Capture(int fd)
        : m_fd(fd)
        , m_saved(::dup(fd))
    {
        if (!m_file.open() || ::dup2(m_file.handle(), m_fd) < 0) {
            qFatal("output cannot be captured");
        }
    }
    ~Capture()
    {
        ::dup2(m_saved, m_fd);
        ::close(m_saved);
    }
    Capture(const Capture &) = delete;
    Capture &operator=(const Capture &) = delete;

    [[nodiscard]] QString text() const
    {
        QFile file(m_file.fileName());
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }

private:
    int m_fd;
    int m_saved;
    QTemporaryFile m_file;
};

/// What a command did.
struct Ran {
    ExitCode exit = ExitCode::Ok;
    QString output;
    QString errors;

    /// Returns the lines of the output as objects.
    [[nodiscard]] QList<QJsonObject> objects() const
    {
        QList<QJsonObject> list;
        for (const QString &line : output.split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            list.append(QJsonDocument::fromJson(line.toUtf8()).object());
        }
        return list;
    }
};

/// A command.
using Function = ExitCode (*)(const Options &);

/// Runs a command and catches what it says.
inline Ran run(Function function, const Options &options)
{
    Capture output(STDOUT_FILENO);
    Capture errors(STDERR_FILENO);
    Ran ran;
    ran.exit = function(options);
    ran.output = output.text();
    ran.errors = errors.text();
    return ran;
}

} // namespace delta::app::test
