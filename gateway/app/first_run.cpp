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
    TRY(const QByteArray hash, auth::hashPassword(password, random));
    TRY_VOID(folder.write(passwordFile, hash + '\n'));
    return password;
}

Result<Secret> makeVirtualKey(admin::KeyService &keys)
{
    VirtualKey wish;
    wish.alias = u"first-key"_s;
    TRY(const admin::CreatedKey created, keys.create(wish));
    return created.secret;
}

} // namespace

Result<std::optional<FirstSecrets>> makeFirstSecrets(const StateFolder &folder,
                                                     admin::KeyService &keys,
                                                     const auth::Pepper &pepper, Random &random,
                                                     ConfiguredMaster master)
{
    // The password's file is written last, so a first run that was cut short is made up for by the
    // next.
    FirstSecrets secrets;
    TRY(const auto knownMaster, folder.read(masterFile));
    TRY(const auto knownPassword, folder.read(passwordFile));
    if (!knownMaster && master == ConfiguredMaster::No) {
        TRY(secrets.masterKey, makeMaster(folder, pepper, random));
    }
    if (!knownPassword) {
        TRY(const auto existing, keys.list());
        if (existing.empty()) {
            TRY(secrets.virtualKey, makeVirtualKey(keys));
        }
        TRY(secrets.adminPassword, makePassword(folder, random));
    }
    const bool isNew = !secrets.masterKey.isEmpty() || !secrets.adminPassword.isEmpty();
    return isNew ? std::optional(std::move(secrets)) : std::nullopt;
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

} // namespace delta::app
