#include "gateway/secrets/key_file.h"

#include "shared/core/private_file.h"

#include <fcntl.h>
#include <QFile>
#include <QFileInfo>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

std::unexpected<QString> systemFault(const QString &what, const QString &path)
{
    return std::unexpected(
        u"Cannot %1 %2: %3."_s.arg(what, path, QString::fromLocal8Bit(std::strerror(errno))));
}

PrivateFile fileAt(const QString &path)
{
    return PrivateFile(path, u"file of sealing keys"_s);
}

/// Returns the id of the key of a line; empty if the line has none.
QString keyIdOf(QByteArrayView line, const QString &path)
{
    const auto ring = KeyRing::fromText(line, path);
    return ring ? ring->ids().constFirst() : QString();
}

} // namespace

KeyFile::KeyFile(QString path, int folder)
    : m_path(std::move(path))
    , m_folder(folder)
{
}

KeyFile::KeyFile(KeyFile &&other) noexcept
    : m_path(std::move(other.m_path))
    , m_folder(std::exchange(other.m_folder, -1))
{
}

KeyFile::~KeyFile()
{
    if (m_folder >= 0) {
        ::close(m_folder);
    }
}

std::expected<KeyFile, QString> KeyFile::lock(const KeySources &sources)
{
    if (const QString credential = credentialFile(sources); !credential.isEmpty()) {
        return std::unexpected(u"The sealing keys are the credential %1 of systemd, which only its "
                               u"owner can change: see "
                               "LoadCredential= of the service."_s.arg(credential));
    }
    const QString path = sources.configuredFile.isEmpty() ? sources.stateFile
                                                          : sources.configuredFile;
    const QString folder = QFileInfo(path).absolutePath();
    const int descriptor = ::open(QFile::encodeName(folder).constData(),
                                  O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        return systemFault(u"open the folder"_s, folder);
    }
    KeyFile file(path, descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) {
            return std::unexpected(
                u"Another process changes the sealing keys in %1 at this moment."_s.arg(path));
        }
        return systemFault(u"lock the folder"_s, folder);
    }
    return file;
}

std::expected<Secret, QString> KeyFile::read() const
{
    auto content = fileAt(m_path).read(KeyRing::longestFile);
    if (!content) {
        return std::unexpected(content.error());
    }
    if (!*content) {
        return std::unexpected(fileAt(m_path).unusable(u"it is missing"_s));
    }
    return **std::move(content);
}

std::expected<void, QString> KeyFile::addOnTop(Random &random) const
{
    const auto older = read();
    if (!older) {
        return std::unexpected(older.error());
    }
    const Secret line = KeyRing::newKeyText(random);
    const Secret text(line.reveal() + older->reveal());
    if (text.reveal().size() > KeyRing::longestFile) {
        return std::unexpected(fileAt(m_path).unusable(
            u"it has no room for another key; take out old ones with: kek retire"_s));
    }
    return fileAt(m_path).replace(text);
}

std::expected<QStringList, QString> KeyFile::keepOnly(QByteArrayView id) const
{
    const auto content = read();
    if (!content) {
        return std::unexpected(content.error());
    }
    QByteArray kept;
    QStringList removed;
    for (QByteArrayView rest = content->reveal(); !rest.isEmpty();) {
        const qsizetype end = rest.indexOf('\n');
        const QByteArrayView line = end < 0 ? rest : rest.first(end + 1);
        rest = rest.sliced(line.size());
        const QString key = keyIdOf(line, m_path);
        if (key.isEmpty() || key == QLatin1StringView(id)) {
            kept.append(line);
        } else {
            removed.append(key);
        }
    }
    const Secret text(std::move(kept));
    if (removed.isEmpty()) {
        return removed;
    }
    return fileAt(m_path).replace(text).transform([&removed] { return removed; });
}

} // namespace delta::secrets
