#include "gateway/identity/password_rules.h"

#include <QByteArray>
#include <QByteArrayView>

#include <algorithm>
#include <array>
#include <set>

namespace delta::identity {

using namespace Qt::StringLiterals;

namespace {

/// The commonest of those that are long enough, in small letters: what lists of leaked passwords have at their
/// top, and what people make of a demand for twelve characters.
constexpr std::array<QByteArrayView, 40> commonest{
    "123456789012",     "1234567890123",    "12345678901234", "123456123456",     "0123456789012",
    "1234567890ab",     "1q2w3e4r5t6y",     "1qaz2wsx3edc",   "1qaz2wsx3edc4rfv", "q1w2e3r4t5y6",
    "qwertyuiop12",     "qwertyuiop123",    "qwertyuiop[]",   "qwertyuiopas",     "qwerty123456",
    "qwertyuiopasdfgh", "qwertyqwerty",     "asdfghjkl123",   "zaq12wsxcde3",     "abcdefghijkl",
    "abcd12345678",     "abc123abc123",     "password1234",   "password12345",    "password123456",
    "password2024",     "password2025",     "password2026",   "passwordpassword", "mypassword123",
    "p@ssw0rd1234",     "changemechangeme", "changeme1234",   "administrator",    "administrator1",
    "adminadminadmin",  "admin1234567",     "letmeinletmein", "welcome12345",     "iloveyou1234",
};

ApiError refused(const QString &why, const QString &param)
{
    return ApiError::invalidRequest(why, param);
}

} // namespace

Result<void> checkChosenPassword(const Secret &password, const QString &email, const QString &param)
{
    QByteArray text = password.reveal().toLower();
    const bool isShort = text.size() < shortestPassword;
    const bool isLong = text.size() > longestPassword;
    const bool isAddress = !email.isEmpty() && text == email.trimmed().toLower().toUtf8();
    const bool isCommon = std::ranges::contains(commonest, QByteArrayView(text));
    const bool isDull = std::set<char>(text.cbegin(), text.cend()).size() < 3;
    wipe(text);
    if (isShort || isLong) {
        return failure(refused(
            u"A password has %1 to %2 bytes."_s.arg(shortestPassword).arg(longestPassword), param));
    }
    if (isAddress) {
        return failure(refused(u"The password must not be the e-mail address."_s, param));
    }
    if (isCommon || isDull) {
        return failure(refused(u"This password is among the first that others would try. "
                               u"Choose another one."_s,
                               param));
    }
    return {};
}

} // namespace delta::identity
