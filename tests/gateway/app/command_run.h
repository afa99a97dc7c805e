#pragma once

#include "gateway/app/options.h"
#include "gateway/app/state_folder.h"
#include "gateway/store/store.h"
#include "shared/core/clock.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QString>
#include <QTemporaryDir>
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

/// Where a test runs commands: a state folder of its own, and options that name it.
struct CommandPlace {
    CommandPlace()
    {
        // Qt Test writes messages to the standard output, where only the command's own words count.
        QLoggingCategory::setFilterRules(QStringLiteral("*.info=false"));
        options.stateDir = folder.filePath(QStringLiteral("state"));
    }
    [[nodiscard]] store::Store store() const
    {
        return {StateFolder::databaseFileIn(options.stateDir), clock};
    }

    QTemporaryDir folder;
    SystemClock clock;
    Options options;
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

/// Runs a command where no store is. Returns what is wrong with what it did: it must fail, name the folder,
/// and make none.
inline QString faultWithoutStore(Function function, CommandPlace &place)
{
    place.options.stateDir = place.folder.filePath(QStringLiteral("mistyped"));
    const Ran ran = run(function, place.options);
    if (ran.exit != ExitCode::Failed) {
        return QStringLiteral("it does not fail");
    }
    if (QFileInfo::exists(place.options.stateDir)) {
        return QStringLiteral("it makes the folder");
    }
    return ran.errors.contains(place.options.stateDir) ? QString() : ran.errors;
}

} // namespace delta::app::test
