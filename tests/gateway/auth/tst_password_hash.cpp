#include "gateway/auth/password_hash.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;

constexpr auth::PasswordCost cheap{64, 2, 1};

class PasswordHashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsItsPasswordAndNoOther();
    void verifiesHashesOfAnotherCost();
    void saltsEveryHash();
    void knowsWhichHashesCostLessThanWanted();
    void makesHashesThatNoPasswordIsBehind();
    void matchesNothingToNonsense();
};

void PasswordHashTest::knowsItsPasswordAndNoOther()
{
    SystemRandom random;
    const auto hash = auth::hashPassword(Secret("correct horse"), random, auth::costOfDrawn);
    QVERIFY(hash);
    QVERIFY(hash->startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
    QVERIFY(auth::isPassword(Secret("correct horse"), *hash));
    QVERIFY(!auth::isPassword(Secret("correct horsE"), *hash));
    QVERIFY(!auth::isPassword(Secret(), *hash));
}

// Made by the argon2 reference program: argon2 "somesaltsomesalt" -id -t 3 -k 65536 -p 1
// -l 32 -e.
void PasswordHashTest::verifiesHashesOfAnotherCost()
{
    const QByteArray hash = "$argon2id$v=19$m=65536,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$"
                            "dmStS6GjyZn83QmR/8InD3gwLSODIz215778hdG7GBk"_ba;
    QVERIFY(auth::isPassword(Secret("password"), hash));
    QVERIFY(!auth::isPassword(Secret("passwort"), hash));
}

void PasswordHashTest::saltsEveryHash()
{
    SystemRandom random;
    const auto first = auth::hashPassword(Secret("x"), random, cheap);
    const auto second = auth::hashPassword(Secret("x"), random, cheap);
    QVERIFY(first && second && *first != *second);
}

void PasswordHashTest::knowsWhichHashesCostLessThanWanted()
{
    SystemRandom random;
    const QByteArray hash = auth::hashPassword(Secret("x"), random, cheap).value();
    QVERIFY(hash.startsWith("$argon2id$v=19$m=64,t=2,p=1$"));
    QVERIFY(!auth::isWeaker(hash, cheap));
    QVERIFY(!auth::isWeaker(hash, {128, 1, 1}));
    QVERIFY(auth::isWeaker(hash, {64, 3, 1}));
    QVERIFY(auth::isWeaker(hash, auth::costOfChosen));
    QVERIFY(auth::isWeaker("nonsense", cheap));
}

void PasswordHashTest::makesHashesThatNoPasswordIsBehind()
{
    SystemRandom random;
    const QByteArray hash = auth::hashOfNobody(random, cheap);
    QVERIFY(!auth::isWeaker(hash, cheap)); // It is read as a hash, so it is computed like one.
    QVERIFY(auth::isWeaker(hash, auth::costOfDrawn));
    QVERIFY(!auth::isPassword(Secret("x"), hash));
    QVERIFY(hash != auth::hashOfNobody(random, cheap));
}

void PasswordHashTest::matchesNothingToNonsense()
{
    for (const QByteArray &text : {""_ba, "x"_ba, "$argon2id$v=19$m=65536,t=3,p=1$"_ba,
                                   "$argon2id$v=19$m=65536,t=3,p=1$YQ$YQ"_ba,
                                   "$argon2id$v=19$m=4294967295,t=3,p=1$YWFhYWFhYWFhYWFhYWFhYQ$"
                                   "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE"_ba,
                                   "$argon2id$v=19$m=0,t=0,p=0$YWFhYWFhYWFhYWFhYWFhYQ$"
                                   "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE"_ba,
                                   "$argon2id$v=19$m=8,t=1,p=1$YWFhYWFhYWFhYWFhYWFhYQ$YQ"_ba}) {
        QVERIFY(!auth::isPassword(Secret("x"), text));
    }
}

QTEST_APPLESS_MAIN(PasswordHashTest)
#include "tst_password_hash.moc"
