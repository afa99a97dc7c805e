// labels: hostile
#include "gateway/admin/scim/scim_filter.h"
#include "tests/gateway/admin/scim/scim_samples.h"

#include <QTest>

#include <array>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::admin::scim;

namespace {

QString errorOf(const QString &text)
{
    const auto filter = parseFilter(userType(), text);
    return filter ? QString() : filter.error().code + u": "_s + filter.error().message;
}

} // namespace

class ScimFilterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Most of them are the examples of RFC 7644 §3.4.2.2.
    void holdsForWhatItDescribes_data()
    {
        QTest::addColumn<bool>("holds");
        const auto row = [](const char *text, bool holds) { QTest::newRow(text) << holds; };
        row("userName eq \"bjensen@example.com\"", true);
        row("USERNAME Eq \"bjensen@EXAMPLE.com\"", true);
        row("userName eq \"bjensen\"", false);
        row("userName ne \"bjensen\"", true);
        row("externalId eq \"701984\"", true);
        row("id eq \"USER-1\"", false);
        row("name.familyName co \"O'Malley\"", true);
        row("userName sw \"BJ\"", true);
        row("userName ew \".com\"", true);
        row("urn:ietf:params:scim:schemas:core:2.0:User:userName sw \"J\"", false);
        row("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"tours\"",
            true);
        row("title pr", true);
        row("nickName pr", false);
        row("nickName eq null", true);
        row("title ne null", true);
        row("meta.lastModified gt \"2011-05-13T04:42:34Z\"", true);
        row("meta.lastModified le \"2011-05-13T04:42:34Z\"", false);
        row("title pr and userType eq \"Employee\"", false);
        row("title pr or userType eq \"Intern\"", true);
        row("userType eq \"Employee\" or title pr and active eq true", true);
        row("(userType eq \"Employee\" or title pr) and active eq false", false);
        row("not (active eq \"False\")", true);
        row("active eq \"True\"", true);
        row("emails eq \"babs@jensen.org\"", true);
        row("emails.type eq \"home\"", true);
        row("emails[type eq \"work\" and value co \"@example.com\"]", true);
        row("emails[type eq \"home\" and value co \"@example.com\"]", false);
        row("emails[type eq \"home\"] and not (emails[primary eq true and type eq \"home\"])",
            true);
        row("userType ne \"Employee\" and not (emails co \"example.org\" or emails.value co "
            "\"x.org\")",
            true);
    }
    void holdsForWhatItDescribes()
    {
        QFETCH(const bool, holds);
        const auto filter = parseFilter(userType(), QString::fromUtf8(QTest::currentDataTag()));
        QVERIFY2(filter, filter ? "" : qPrintable(filter.error().message));
        QCOMPARE(matches(*filter, test::barbara()), holds);
    }

    void saysWhereItIsWrong_data()
    {
        QTest::addColumn<QString>("error");
        const auto row = [](const char *text, const char *error) {
            QTest::newRow(text) << QString::fromUtf8(error);
        };
        row("", "names '', which is no attribute");
        row("userName", "expects one of eq, ne");
        row("userName eq", "expects a value");
        row("userName eq bjensen", "expects a value");
        row("userName eq \"bjensen", "expects a value");
        row("userName eq \"a\" \"b\"", "goes on where it should end, at character 17");
        row("userName eq 7", "compares 'userName' with a text only");
        row("userName eq [1]", "expects a value");
        row("userName is \"a\"", "expects one of eq, ne");
        row("password eq \"a\"", "names 'password', which is no attribute of a user");
        row("name.password eq \"a\"", "names 'password', which is no part of 'name'");
        row("name eq \"a\"", "must say which part of 'name'");
        row("active gt true", "compares 'active' by eq or ne");
        row("active eq \"perhaps\"", "compares 'active' by eq or ne");
        row("meta.created gt \"yesterday\"", "with a time such as");
        row("(userName pr", "expects ')'");
        row("not userName pr", "expects '(' after 'not'");
        row("emails[type pr", "expects ']'");
        row("userName[type pr]", "after a list only");
        row("emails[type[value pr]]", "expects one of eq, ne");
        row("userName pr and", "names ''");
        row("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr", "names no attribute");
    }
    void saysWhereItIsWrong()
    {
        QFETCH(const QString, error);
        const QString found = errorOf(QString::fromUtf8(QTest::currentDataTag()));
        QVERIFY2(found.startsWith("invalidFilter: "_L1) && found.contains(error),
                 qPrintable(found));
    }

    void isNeitherTooLongNorTooDeep()
    {
        QVERIFY(errorOf(u"userName eq \"%1\""_s.arg(QString(2'000, u'a')))
                    .contains("more than 2000 characters"_L1));
        QVERIFY(errorOf(QString(11, u'(') + u"title pr"_s + QString(11, u')'))
                    .contains("more than 10 parentheses"_L1));
        QCOMPARE(errorOf(QString(10, u'(') + u"title pr"_s + QString(10, u')')), QString());
        const QStringList many(51, u"title pr"_s);
        QVERIFY(errorOf(many.join(u" or ")).contains("more than 50 comparisons"_L1));
    }

    void knowsByWhatItsMatchesCanBeLookedUp()
    {
        constexpr std::array keys{"id"_L1, "userName"_L1};
        const auto lookups = [&keys](const QString &text) {
            return lookupsOf(parseFilter(userType(), text).value(), keys);
        };
        QCOMPARE(lookups(u"userName eq \"a\""_s)->front().value, u"a"_s);
        QCOMPARE(lookups(u"title pr and userName eq \"a\""_s)->size(), 1U);
        QCOMPARE(lookups(u"id eq \"1\" or userName eq \"a\""_s)->size(), 2U);
        QVERIFY(!lookups(u"title pr or userName eq \"a\""_s));
        QVERIFY(!lookups(u"not (userName eq \"a\")"_s));
        QVERIFY(!lookups(u"userName sw \"a\""_s));
    }

    void neverFailsInAnyOtherWay()
    {
        const QByteArray all = "userName eq \"a\\\"b\" and (emails[type pr or value co \"x\"] or "
                               "not (active ne true))";
        for (qsizetype cut = 0; cut <= all.size(); ++cut) {
            for (const char extra : {'(', ')', '[', ']', '"', '\\', '.', ':', ' ', '\0'}) {
                const QString text = QString::fromUtf8(all.first(cut) + extra + all.sliced(cut));
                const auto filter = parseFilter(userType(), text);
                QVERIFY(filter ? matches(*filter, test::barbara()) || true
                               : filter.error().code == "invalidFilter"_L1);
                const auto path = parsePath(userType(), text);
                QVERIFY(path || path.error().code == "invalidPath"_L1);
            }
        }
    }
};

QTEST_GUILESS_MAIN(ScimFilterTest)
#include "tst_scim_filter.moc"
