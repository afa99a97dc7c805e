#include "gateway/secrets/key_ring.h"

#include "shared/core/private_file.h"

#include <QCryptographicHash>
#include <QFileInfo>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype keyBytes = 32;
constexpr qsizetype idDigits = 8;
constexpr qsizetype hexDigits = 2 * keyBytes;
constexpr qsizetype base64Digits = 44;
const QString credential = u"deltallm-kek"_s;

using Content = std::expected<std::optional<Secret>, QString>;

bool isHexadecimal(QByteArrayView text)
{
    return std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

/// Reads a key from a line; empty if the line is none.
Secret keyOf(QByteArrayView line)
{
    QByteArray copy = line.toByteArray();
    const Secret text(std::move(copy));
    if (line.size() == hexDigits && isHexadecimal(line)) {
        return Secret(QByteArray::fromHex(text.reveal()));
    }
    if (line.size() != base64Digits) {
        return {};
    }
    auto decoded = QByteArray::fromBase64Encoding(text.reveal(),
                                                  QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded) {
        return {};
    }
    Secret key(std::move(decoded.decoded));
    return key.reveal().size() == keyBytes ? key : Secret();
}

QByteArray idOf(const Secret &key)
{
    return QCryptographicHash::hash(key.reveal(), QCryptographicHash::Sha256)
        .toHex()
        .first(idDigits);
}

std::unexpected<QString> wrong(const QString &place, const QString &what)
{
    return std::unexpected(u"The sealing keys in %1 cannot be used: %2."_s.arg(place, what));
}

PrivateFile fileOf(const QString &path, PrivateFile::Custody custody)
{
    return PrivateFile(path, u"file of sealing keys"_s, custody);
}

/// Returns the content of the state folder's file, which is made if it may be.
Content readOwn(const KeySources &sources, IfNoKey ifNoKey, Random &random)
{
    const PrivateFile file = fileOf(sources.stateFile, PrivateFile::Custody::OwnMode);
    Content content = file.read(KeyRing::longestFile);
    if (!content || *content) {
        return content;
    }
    if (ifNoKey == IfNoKey::Create) {
        return file.create(KeyRing::newKeyText(random)).transform([](Secret made) {
            return std::optional(std::move(made));
        });
    }
    return std::unexpected(
        u"The file of sealing keys %1 is missing, and without it no stored secret can be read. "
        "Restore it from the backup of the state folder, copy it from the first gateway of the "
        "database, or name the keys with general_settings.kek_file or the credential %2."_s.arg(
            sources.stateFile, credential));
}

struct Found {
    QString place;
    Content content;
};

Found findKeys(const KeySources &sources, IfNoKey ifNoKey, Random &random)
{
    if (const QString path = credentialFile(sources); !path.isEmpty()) {
        Content content =
            fileOf(path, PrivateFile::Custody::ServiceManager).read(KeyRing::longestFile);
        if (!content || *content) {
            return {path, std::move(content)};
        }
    }
    const QString &configured = sources.configuredFile;
    if (configured.isEmpty()) {
        return {sources.stateFile, readOwn(sources, ifNoKey, random)};
    }
    Content content = fileOf(configured, PrivateFile::Custody::OwnMode).read(KeyRing::longestFile);
    if (content && !*content) {
        content = std::unexpected(
            u"The file of sealing keys %1, which general_settings.kek_file names, is missing."_s
                .arg(configured));
    }
    return {configured, std::move(content)};
}

} // namespace

QString credentialFile(const KeySources &sources)
{
    if (sources.credentialsFolder.isEmpty()) {
        return {};
    }
    const QString path = sources.credentialsFolder + u'/' + credential;
    return QFileInfo::exists(path) ? path : QString();
}

Secret KeyRing::newKeyText(Random &random)
{
    QByteArray bytes(keyBytes, Qt::Uninitialized);
    random.fill(std::as_writable_bytes(std::span(bytes.data(), std::size_t(keyBytes))));
    QByteArray text = bytes.toHex();
    wipe(bytes);
    text.append('\n');
    return Secret(std::move(text));
}

KeyRing::KeyRing(std::vector<SealingKey> keys)
    : m_keys(std::move(keys))
{
}

std::expected<KeyRing, QString> KeyRing::open(const KeySources &sources, IfNoKey ifNoKey,
                                              Random &random)
{
    const Found found = findKeys(sources, ifNoKey, random);
    if (!found.content) {
        return std::unexpected(found.content.error());
    }
    return fromText((*found.content)->reveal(), found.place);
}

std::expected<KeyRing, QString> KeyRing::fromText(QByteArrayView text, const QString &place)
{
    std::vector<SealingKey> keys;
    for (int number = 1; !text.isEmpty(); ++number) {
        const qsizetype end = text.indexOf('\n');
        const QByteArrayView line = (end < 0 ? text : text.first(end)).trimmed();
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        if (line.isEmpty() || line.startsWith('#')) {
            continue;
        }
        Secret key = keyOf(line);
        if (key.isEmpty()) {
            return wrong(
                place,
                u"line %1 is not a key, which is 32 bytes in hexadecimal or base64"_s.arg(number));
        }
        const QByteArray id = idOf(key);
        if (std::ranges::contains(keys, id, &SealingKey::id)) {
            return wrong(place, u"line %1 repeats a key"_s.arg(number));
        }
        keys.push_back({id, std::move(key)});
    }
    if (keys.empty()) {
        return wrong(place, u"there is none"_s);
    }
    return KeyRing(std::move(keys));
}

std::optional<KeyRing> KeyRing::sealingWith(QByteArrayView id) const
{
    std::vector<SealingKey> keys = m_keys;
    const auto found = std::ranges::find(keys, id, &SealingKey::id);
    if (found == keys.end()) {
        return std::nullopt;
    }
    std::ranges::rotate(keys.begin(), found, std::next(found));
    return KeyRing(std::move(keys));
}

const SealingKey *KeyRing::find(QByteArrayView id) const
{
    const auto found = std::ranges::find(m_keys, id, &SealingKey::id);
    return found == m_keys.end() ? nullptr : &*found;
}

QStringList KeyRing::ids() const
{
    QStringList ids;
    for (const SealingKey &key : m_keys) {
        ids.append(QString::fromLatin1(key.id));
    }
    return ids;
}

} // namespace delta::secrets
