#include "gateway/app/first_run.h"

#include "gateway/auth/key_format.h"
#include "gateway/auth/password_hash.h"

#include <cstring>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

const QString masterFile = u"master.mac"_s;
const QString passwordFile = u"admin.password"_s;
/// Lists what is being made; gone when all of it was made.
const QString unfinishedFile = u"first-run.unfinished"_s;
const QString firstAlias = u"first-key"_s;
constexpr qsizetype passwordLength = 20; ///< 119 bits.

QByteArray bytesOf(const auth::KeyMac &mac)
{
    return {reinterpret_cast<const char *>(mac.data()), static_cast<qsizetype>(mac.size())};
}

Result<Secret> makeMaster(const StateFolder &folder, const auth::Pepper &pepper, Random &random)
{
    const auth::IssuedKey master = auth::issueKey(random);
    TRY_VOID(folder.write(masterFile, bytesOf(pepper.mac(master.text.reveal())).toHex() + '\n'));
    return master.text;
}

Result<Secret> makePassword(const StateFolder &folder, Random &random)
{
    const Secret password(randomText(random, passwordLength));
    TRY(const QByteArray hash, auth::hashPassword(password, random, auth::costOfDrawn));
    TRY_VOID(folder.write(passwordFile, hash + '\n'));
    return password;
}

Result<Secret> makeVirtualKey(admin::KeyService &keys)
{
    // One from a first run that was cut short was never shown to anybody.
    TRY([[maybe_unused]] const bool wasThere, keys.revoke(firstAlias));
    VirtualKey wish;
    wish.alias = firstAlias;
    TRY(const admin::CreatedKey created, keys.create(wish));
    return created.secret;
}

/// Which secrets are to be made.
struct Missing {
    bool master = false;
    bool password = false;
    bool virtualKey = false;

    [[nodiscard]] bool isNothing() const
    {
        return !master && !password && !virtualKey;
    }
    [[nodiscard]] QByteArray toText() const
    {
        return QByteArray(master ? "master " : "") + (password ? "password " : "")
            + (virtualKey ? "virtual-key " : "") + '\n';
    }
    [[nodiscard]] static Missing fromText(const QByteArray &text)
    {
        const QByteArrayList words = text.simplified().split(' ');
        return {words.contains("master"), words.contains("password"),
                words.contains("virtual-key")};
    }
};

/// Finds out what the folder does not have, and what an earlier run began to make and may not have
/// shown.
Result<Missing> findMissing(const StateFolder &folder, admin::KeyService &keys,
                            ConfiguredMaster master)
{
    TRY(const auto unfinished, folder.read(unfinishedFile));
    TRY(const auto knownMaster, folder.read(masterFile));
    TRY(const auto knownPassword, folder.read(passwordFile));
    Missing missing = Missing::fromText(unfinished.value_or(QByteArray()));
    missing.master = (missing.master || !knownMaster) && master == ConfiguredMaster::No;
    if (!knownPassword) {
        TRY(const bool hasKeys, keys.hasAny());
        missing.virtualKey = missing.virtualKey || !hasKeys;
        missing.password = true;
    }
    return missing;
}

} // namespace

Result<std::optional<FirstSecrets>> makeFirstSecrets(const StateFolder &folder,
                                                     admin::KeyService &keys,
                                                     const auth::Pepper &pepper, Random &random,
                                                     ConfiguredMaster master)
{
    TRY(const Missing missing, findMissing(folder, keys, master));
    if (missing.isNothing()) {
        return std::nullopt;
    }
    // A run that is cut short shows nothing, so the next one must make all of it anew.
    TRY_VOID(folder.write(unfinishedFile, missing.toText()));
    FirstSecrets secrets;
    if (missing.master) {
        TRY(secrets.masterKey, makeMaster(folder, pepper, random));
    }
    if (missing.virtualKey) {
        TRY(secrets.virtualKey, makeVirtualKey(keys));
    }
    if (missing.password) {
        TRY(secrets.adminPassword, makePassword(folder, random));
    }
    TRY_VOID(folder.remove(unfinishedFile));
    return secrets;
}

Result<std::optional<auth::KeyMac>> readMasterMac(const StateFolder &folder)
{
    TRY(const auto text, folder.read(masterFile));
    if (!text) {
        return std::nullopt;
    }
    const QByteArray bytes = QByteArray::fromHex(text->trimmed());
    auth::KeyMac mac{};
    if (bytes.size() != static_cast<qsizetype>(mac.size())) {
        return failure(ApiError::storeUnavailable(
            u"The file %1 in the state folder is damaged; remove it to have a new master key made."_s
                .arg(masterFile)));
    }
    std::memcpy(mac.data(), bytes.constData(), mac.size());
    return mac;
}

Result<std::optional<QByteArray>> readAdminHash(const StateFolder &folder)
{
    return folder.read(passwordFile).transform([](const std::optional<QByteArray> &text) {
        return text.transform([](const QByteArray &hash) { return hash.trimmed(); });
    });
}

} // namespace delta::app
