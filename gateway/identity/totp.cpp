#include "gateway/identity/totp.h"

#include <openssl/crypto.h>
#include <QCryptographicHash>
#include <QMessageAuthenticationCode>
#include <QtEndian>
#include <QUrl>

#include <array>
#include <chrono>

namespace delta::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype digits = 6;
constexpr quint32 codes = 1'000'000;
constexpr auto stepLength = 30s;

QString percent(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

} // namespace

QByteArray hotp(const Secret &seed, qint64 counter)
{
    std::array<char, 8> message{};
    qToBigEndian(counter, message.data());
    const QByteArray mac = QMessageAuthenticationCode::hash(
        QByteArrayView(message.data(), qsizetype(message.size())), seed.reveal(),
        QCryptographicHash::Sha1);
    const auto offset = static_cast<qsizetype>(mac.back() & 0x0f);
    const quint32 number = qFromBigEndian<quint32>(mac.constData() + offset) & 0x7fff'ffffU;
    return QByteArray::number(number % codes).rightJustified(digits, '0');
}

qint64 totpStep(WallTime time)
{
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()) / stepLength;
}

std::optional<qint64> matchTotp(const Secret &seed, QByteArrayView code, WallTime now)
{
    if (code.size() != digits) {
        return std::nullopt;
    }
    std::optional<qint64> match;
    for (const qint64 step : {totpStep(now) - 1, totpStep(now) + 1, totpStep(now)}) {
        const QByteArray wanted = hotp(seed, step);
        if (CRYPTO_memcmp(wanted.constData(), code.data(), digits) == 0) {
            match = step;
        }
    }
    return match;
}

QByteArray base32(QByteArrayView bytes)
{
    constexpr QByteArrayView alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    QByteArray text;
    quint32 pending = 0;
    int bits = 0;
    for (const char byte : bytes) {
        pending = (pending << 8U) | static_cast<unsigned char>(byte);
        for (bits += 8; bits >= 5; bits -= 5) {
            text += alphabet[static_cast<qsizetype>((pending >> (bits - 5)) & 31U)];
        }
    }
    if (bits > 0) {
        text += alphabet[static_cast<qsizetype>((pending << (5 - bits)) & 31U)];
    }
    return text;
}

QString otpauthUrl(const SeedOwner &owner, const Secret &seed)
{
    return u"otpauth://totp/%1:%2?secret=%3&issuer=%1&algorithm=SHA1&digits=6&period=30"_s.arg(
        percent(owner.issuer), percent(owner.account), QString::fromLatin1(base32(seed.reveal())));
}

} // namespace delta::identity
