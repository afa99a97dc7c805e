#include "gateway/identity/password_rules.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::identity;

namespace {

bool isTaken(const QByteArray &password)
{
    return checkChosenPassword(Secret(password), u"Ada@example.com"_s, u"password"_s).has_value();
}

} // namespace

class PasswordRulesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesWhatOthersWouldNotTryFirst_data()
    {
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<bool>("wanted");
        QTest::newRow("none") << QByteArray() << false;
        QTest::newRow("11 bytes") << "abcdefghij1"_ba << false;
        QTest::newRow("12 bytes") << "abcdefghij12"_ba << true;
        QTest::newRow("1024 bytes") << "abcd"_ba.repeated(256) << true;
        QTest::newRow("1025 bytes") << "abcd"_ba.repeated(256) + 'x' << false;
        QTest::newRow("words") << "correct horse battery staple"_ba << true;
        QTest::newRow("other scripts") << u"пароль из слов"_s.toUtf8() << true;
        QTest::newRow("the address") << "ada@EXAMPLE.com"_ba << false;
        QTest::newRow("a common one") << "PasswordPassword"_ba << false;
        QTest::newRow("digits in order") << "123456789012"_ba << false;
        QTest::newRow("one character") << QByteArray(40, 'x') << false;
        QTest::newRow("two characters") << "xyxyxyxyxyxyxyxy"_ba << false;
    }
    void takesWhatOthersWouldNotTryFirst()
    {
        QFETCH(const QByteArray, password);
        QFETCH(const bool, wanted);
        QCOMPARE(isTaken(password), wanted);
    }

    void namesTheFieldAndNotThePassword()
    {
        const auto refused = checkChosenPassword(Secret("letmeinletmein"), {}, u"new_password"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(refused.error().param, u"new_password"_s);
        QVERIFY(!refused.error().message.contains(u"letmein"_s));
    }
};

QTEST_APPLESS_MAIN(PasswordRulesTest)
#include "tst_password_rules.moc"
