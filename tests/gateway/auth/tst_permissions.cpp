#include "gateway/auth/permissions.h"

#include <QtTest>

#include <type_traits>

using namespace delta;
using namespace delta::auth;
using namespace Qt::StringLiterals;

// Nobody but Permissions can make a Grant.
static_assert(!std::is_default_constructible_v<Grant>);
static_assert(!std::is_constructible_v<Grant, Principal, QByteArray>);

namespace {

Principal holderOf(const QStringList &models)
{
    KeyTerms terms;
    for (const QString &model : models) {
        terms.models.append(model.toUtf8());
    }
    KeyFacts key;
    key.terms = std::make_shared<const KeyTerms>(terms);
    return {.kind = PrincipalKind::Key,
            .keyId = "k",
            .userId = {},
            .teamId = {},
            .organizationId = {},
            .key = std::make_shared<const KeyFacts>(key)};
}

const Principal master{.kind = PrincipalKind::Master,
                       .keyId = "master",
                       .userId = {},
                       .teamId = {},
                       .organizationId = {},
                       .key = nullptr};

} // namespace

class PermissionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void comparesTheExactName_data()
    {
        QTest::addColumn<QStringList>("models");
        QTest::addColumn<QByteArray>("model");
        QTest::addColumn<bool>("isAllowed");
        const QStringList two{u"fast"_s, u"größe-1"_s};
        QTest::newRow("empty list") << QStringList() << QByteArray("fast") << true;
        QTest::newRow("star") << QStringList{u"*"_s} << QByteArray("fast") << true;
        QTest::newRow("star beside others")
            << QStringList{u"slow"_s, u"*"_s} << QByteArray("fast") << true;
        QTest::newRow("all-proxy-models")
            << QStringList{u"all-proxy-models"_s} << QByteArray("fast") << true;
        QTest::newRow("listed") << two << QByteArray("fast") << true;
        QTest::newRow("listed, beyond ASCII") << two
                                              << QByteArray("gr\xc3\xb6\xc3\x9f"
                                                            "e-1")
                                              << true;
        QTest::newRow("not listed") << two << QByteArray("slow") << false;
        QTest::newRow("a prefix of a listed name") << two << QByteArray("fas") << false;
        QTest::newRow("longer than a listed name") << two << QByteArray("fast2") << false;
        QTest::newRow("other case") << two << QByteArray("Fast") << false;
        QTest::newRow("space around") << two << QByteArray("fast ") << false;
        QTest::newRow("NUL behind") << two << QByteArray("fast\0", 5) << false;
        QTest::newRow("invalid UTF-8") << two
                                       << QByteArray("gr\xf6\xdf"
                                                     "e-1")
                                       << false;
        QTest::newRow("no model") << two << QByteArray() << false;
        QTest::newRow("a star in the request") << two << QByteArray("*") << false;
        QTest::newRow("no wildcard patterns")
            << QStringList{u"fa*"_s} << QByteArray("fast") << false;
    }

    void comparesTheExactName()
    {
        QFETCH(QStringList, models);
        QFETCH(QByteArray, model);
        QFETCH(bool, isAllowed);
        const auto grant = m_permissions.authorize(holderOf(models), model);
        QCOMPARE(grant.has_value(), isAllowed);
        if (isAllowed) {
            QCOMPARE(grant->model(), model);
            QCOMPARE(grant->principal().keyId, "k");
        } else {
            QCOMPARE(grant.error().kind, ErrorKind::ModelNotAllowed);
            QCOMPARE(grant.error().status(), 403);
        }
    }

    void grantsTheMasterEveryModel()
    {
        QVERIFY(m_permissions.authorize(master, "any"));
    }

    void grantsNothingWithoutAKey()
    {
        QVERIFY(!m_permissions.authorize(Principal(), "any"));
    }

    void letsOnlyTheMasterAdminister()
    {
        QVERIFY(m_permissions.requireMaster(master));
        const auto refused = m_permissions.requireMaster(holderOf({}));
        QCOMPARE(refused.error().kind, ErrorKind::PermissionDenied);
        QCOMPARE(refused.error().status(), 403);
    }

private:
    Permissions m_permissions;
};

QTEST_GUILESS_MAIN(PermissionsTest)
#include "tst_permissions.moc"
