#include "gateway/app/state_folder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

constexpr auto ownerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr auto ownerFolder = ownerOnly | QFileDevice::ExeOwner;
constexpr auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ExeGroup
    | QFileDevice::ReadOther | QFileDevice::WriteOther | QFileDevice::ExeOther;

/// Says whether a folder is a gateway's, or still nobody's.
bool isForGateway(const QString &path)
{
    return QDir(path).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)
        || QFileInfo::exists(StateFolder::databaseFileIn(path));
}

std::unexpected<ApiError> broken(const QString &path, const QString &what)
{
    return failure(ApiError::storeUnavailable(u"The state folder %1 %2."_s.arg(path, what)));
}

} // namespace

StateFolder::StateFolder(QString path)
    : m_path(std::move(path))
{
}

Result<StateFolder> StateFolder::open(const QString &path)
{
    const QFileInfo info(path);
    if (info.exists() && !info.isDir()) {
        return broken(path, u"is not a folder; name another one with --state-dir"_s);
    }
    if (!info.exists() && !(QDir().mkpath(path) && QFile::setPermissions(path, ownerFolder))) {
        return broken(path, u"cannot be made; name another one with --state-dir"_s);
    }
    if (!QFileInfo(path).isWritable()) {
        return broken(path, u"cannot be written; name another one with --state-dir"_s);
    }
    if ((QFileInfo(path).permissions() & others) == 0) {
        return StateFolder(path);
    }
    if (!isForGateway(path)) {
        return broken(path,
                      u"is open to others and holds things of theirs; name a folder for the "
                      "gateway alone with --state-dir"_s);
    }
    if (!QFile::setPermissions(path, ownerFolder)) {
        return broken(path, u"is open to others and cannot be closed; run chmod 0700 on it"_s);
    }
    return StateFolder(path);
}

QString StateFolder::databaseFileIn(const QString &path)
{
    return path + u"/deltallm.db"_s;
}

QString StateFolder::databaseFile() const
{
    return databaseFileIn(m_path);
}

QString StateFolder::journalFolder() const
{
    return m_path + u"/journal"_s;
}

QString StateFolder::pepperFile() const
{
    return m_path + u"/pepper"_s;
}

QString StateFolder::sealingKeyFile() const
{
    return m_path + u"/kek"_s;
}

Result<std::optional<QByteArray>> StateFolder::read(const QString &name) const
{
    QFile file(m_path + u'/' + name);
    if (!file.exists()) {
        return std::nullopt;
    }
    if (!file.open(QIODevice::ReadOnly)) {
        return broken(
            m_path, u"holds a file \"%1\" that cannot be read: %2"_s.arg(name, file.errorString()));
    }
    return file.readAll();
}

Result<void> StateFolder::write(const QString &name, const QByteArray &bytes) const
{
    QSaveFile file(m_path + u'/' + name);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(ownerOnly)
        || file.write(bytes) != bytes.size() || !file.commit()) {
        return broken(m_path, u"does not take the file \"%1\": %2"_s.arg(name, file.errorString()));
    }
    return {};
}

Result<void> StateFolder::remove(const QString &name) const
{
    QFile file(m_path + u'/' + name);
    if (file.exists() && !file.remove()) {
        return broken(m_path,
                      u"does not let go of the file \"%1\": %2"_s.arg(name, file.errorString()));
    }
    return {};
}

} // namespace delta::app
