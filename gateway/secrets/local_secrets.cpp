#include "gateway/secrets/local_secrets.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestFile = 64 << 10;

} // namespace

FoundSecret readSecretFile(const QString &path)
{
    const QFileInfo facts(path);
    if (!facts.exists()) {
        return lasting(u"there is no file %1"_s.arg(path));
    }
    // Whoever reads a pipe or a device may wait for ever.
    if (!facts.isFile()) {
        return lasting(u"%1 is not a plain file"_s.arg(path));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return lasting(u"the file %1 cannot be opened: %2"_s.arg(path, file.errorString()));
    }
    QByteArray bytes = file.read(longestFile + 1);
    if (file.error() != QFileDevice::NoError) {
        return lasting(u"the file %1 cannot be read: %2"_s.arg(path, file.errorString()));
    }
    if (bytes.size() > longestFile) {
        wipe(bytes);
        return lasting(u"the file %1 has more than %2 bytes"_s.arg(path).arg(longestFile));
    }
    return Secret(std::move(bytes));
}

FoundSecret SecretFiles::fetch(const QString &name)
{
    return readSecretFile(QDir::cleanPath(u'/' + name));
}

ServiceCredentials::ServiceCredentials(QString folder)
    : m_folder(std::move(folder))
{
}

FoundSecret ServiceCredentials::fetch(const QString &name)
{
    if (name.isEmpty() || name.contains(u'/') || name == "."_L1 || name == ".."_L1) {
        return lasting(u"systemd/ must be followed by the name of a credential"_s);
    }
    if (m_folder.isEmpty()) {
        return lasting(u"systemd gave this process no credentials; name it in the unit with "
                       "LoadCredential=%1:/path"_s.arg(name));
    }
    return readSecretFile(m_folder + u'/' + name);
}

} // namespace delta::secrets
