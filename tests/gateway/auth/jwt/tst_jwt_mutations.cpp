// labels: hostile
#include "gateway/auth/jwt/jwt_verifier.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"
#include "tests/shared/dice.h"

#include <QtTest>

using namespace delta;
using namespace delta::auth;
using namespace delta::auth::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int tokenRounds = 20'000;
constexpr int documentRounds = 4'000;

/// Pieces that mean something to a reader of tokens or of keys.
const QByteArrayList pieces{".",
                            "=",
                            "{",
                            "}",
                            "\"",
                            "\\u0000",
                            "null",
                            "none",
                            "HS256",
                            "ES256",
                            "\"alg\":",
                            "\"kid\":",
                            "\"d\":",
                            "e30",
                            "eyJhbGciOiJub25lIn0",
                            "\xff",
                            "1e999",
                            "-0",
                            "[[[[",
                            "\"kty\":\"oct\"",
                            QByteArray(3000, 'A')};

qsizetype placeIn(const QByteArray &text, Dice &dice)
{
    return text.isEmpty() ? 0 : qsizetype(dice.between(0, text.size() - 1));
}

/// Changes a text in one place: a bit, a piece more or less, two parts in another order.
QByteArray changed(QByteArray text, Dice &dice)
{
    const qsizetype place = placeIn(text, dice);
    switch (dice.between(0, 5)) {
    case 0:
        if (!text.isEmpty()) {
            text[place] = char(text[place] ^ char(1 << dice.between(0, 7)));
        }
        return text;
    case 1:
        return text.remove(place, dice.between(1, 20));
    case 2:
        return text.insert(place, pieces[qsizetype(dice.between(0, pieces.size() - 1))]);
    case 3:
        return text.insert(placeIn(text, dice), text.sliced(place).left(dice.between(1, 200)));
    case 4:
        return text.sliced(place) + text.first(place);
    default:
        return text.first(place);
    }
}

/// Changes what a part of a token says, and puts it back in base64url.
QByteArray withChangedPart(const QByteArray &token, Dice &dice)
{
    QByteArrayList parts = token.split('.');
    const auto which = qsizetype(dice.between(0, parts.size() - 1));
    const QByteArray bytes = QByteArray::fromBase64(parts[which], QByteArray::Base64UrlEncoding);
    parts[which] = base64Url(changed(bytes, dice));
    return parts.join('.');
}

} // namespace

/// Thousands of tokens and of key documents that somebody tampered with, from a fixed seed.
class JwtMutationsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsNoTokenThatWasTamperedWith()
    {
        Dice dice(20'270'115);
        int refused = 0;
        for (int round = 0; round < tokenRounds; ++round) {
            dice.next();
            const QByteArray &good = m_tokens[round % m_tokens.size()];
            QByteArray token = good;
            for (auto times = dice.between(1, 3); times > 0; --times) {
                token = dice.between(0, 1) == 0 ? changed(token, dice)
                                                : withChangedPart(token, dice);
            }
            const auto verified = verifyJwt(token, m_keys, goodRules(), testNow);
            QVERIFY2(token == good || !verified, dice.where() + ": " + token);
            refused += verified ? 0 : 1;
        }
        QVERIFY(refused > tokenRounds * 9 / 10);
        for (const QByteArray &good : m_tokens) {
            QVERIFY(verifyJwt(good, m_keys, goodRules(), testNow));
        }
    }

    /// What is still a set of keys afterwards must not take a stranger's token.
    void trustsNoStrangerAfterAnyChangeOfTheKeys()
    {
        Dice dice(4242);
        const QByteArray good = jwksOf({m_rsa.jwk(u"rsa"_s), m_ec.jwk(u"ec"_s), m_ed.jwk(u"ed"_s)});
        int readable = 0;
        for (int round = 0; round < documentRounds; ++round) {
            dice.next();
            QByteArray document = good;
            for (auto times = dice.between(1, 3); times > 0; --times) {
                document = changed(document, dice);
            }
            const auto keys = KeySet::parse(document);
            if (!keys) {
                QVERIFY2(!keys.error().isEmpty(), dice.where());
                continue;
            }
            ++readable;
            for (const QByteArray &token : m_strangers) {
                QVERIFY2(!verifyJwt(token, *keys, goodRules(), testNow),
                         dice.where() + ": " + document);
            }
        }
        QVERIFY(readable > 0 && readable < documentRounds);
    }

private:
    [[nodiscard]] static QByteArrayList tokensOf(const SigningKey &rsa, const SigningKey &ec,
                                                 const SigningKey &ed)
    {
        return {rsa.token(headerFor(u"RS256"_s, u"rsa"_s), goodClaims()),
                rsa.token(headerFor(u"PS256"_s, u"rsa"_s), goodClaims()),
                ec.token(headerFor(u"ES256"_s, u"ec"_s), goodClaims()),
                ed.token(headerFor(u"EdDSA"_s, u"ed"_s), goodClaims())};
    }

    const SigningKey m_rsa{KeyKind::Rsa};
    const SigningKey m_ec{KeyKind::P256};
    const SigningKey m_ed{KeyKind::Ed25519};
    const KeySet m_keys = keySetOf({m_rsa.jwk(u"rsa"_s), m_ec.jwk(u"ec"_s), m_ed.jwk(u"ed"_s)});
    const QByteArrayList m_tokens = tokensOf(m_rsa, m_ec, m_ed);
    const QByteArrayList m_strangers = tokensOf(SigningKey(KeyKind::Rsa), SigningKey(KeyKind::P256),
                                                SigningKey(KeyKind::Ed25519));
};

QTEST_APPLESS_MAIN(JwtMutationsTest)
#include "tst_jwt_mutations.moc"
