#include "gateway/auth/owner_directory.h"
#include "gateway/auth/permissions.h"

#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <tuple>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::auth;
using ports::OwnerKind;

namespace {

/// A store that hands out a list and counts who asks.
class ListedOwners final : public ports::OwnerStore
{
public:
    [[nodiscard]] Result<void> eachOwner(const Visitor &visit) override
    {
        ++reads;
        if (isAway) {
            return failure(ApiError::storeUnavailable(u"away"_s));
        }
        for (const ports::OwnerRow &row : rows) {
            visit(row);
        }
        return {};
    }
    [[nodiscard]] Result<qint64> ownerVersion() override
    {
        return version;
    }

    std::vector<ports::OwnerRow> rows;
    qint64 version = 1;
    int reads = 0;
    bool isAway = false;
};

Principal principalOf(const QByteArray &team, const QByteArray &user = {},
                      const QByteArray &organization = {})
{
    Principal principal;
    principal.keyId = "key";
    principal.teamId = team;
    principal.userId = user;
    principal.organizationId = organization;
    auto facts = std::make_shared<KeyFacts>();
    facts->terms = std::make_shared<const KeyTerms>();
    principal.key = std::move(facts);
    return principal;
}

} // namespace

class OwnerDirectoryTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesCallsOnBehalfOfABlockedEndUserOnly()
    {
        ListedOwners store;
        store.rows = {{OwnerKind::EndUser, "mallory", {}, {}, true},
                      {OwnerKind::User, "ann", {}, {}, true}};
        OwnerDirectory directory;
        QVERIFY(directory.refresh(store));
        const Result<void> refused = directory.admitEndUser("mallory");
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::PermissionDenied);
        QCOMPARE(refused.error().param, u"user"_s);
        QVERIFY(directory.admitEndUser("ann"));
        QVERIFY(directory.admitEndUser({}));
        QVERIFY(directory.admit(principalOf("t", "mallory")));
    }

    void letsKeysOfUnknownOwnersThrough()
    {
        const OwnerDirectory directory;
        const Result<Principal> admitted = directory.admit(principalOf("t", "u", "o"));
        QVERIFY(admitted);
        QVERIFY(Permissions().allows(*admitted, "m"));
    }

    void keepsContentUnlessTheKeyOrTheOrganisationSaysNo_data()
    {
        QTest::addColumn<int>("key"); // Minus one: it says nothing; so the next two.
        QTest::addColumn<int>("organization");
        QTest::addColumn<int>("expected");
        for (const auto &[key, organization, expected] :
             {std::tuple(-1, -1, -1), std::tuple(-1, 0, 0), std::tuple(-1, 1, 1),
              std::tuple(0, -1, 0), std::tuple(0, 0, 0), std::tuple(0, 1, 0), std::tuple(1, -1, 1),
              std::tuple(1, 0, 0), std::tuple(1, 1, 1)}) {
            QTest::addRow("%d of the key, %d of the organisation", key, organization)
                << key << organization << expected;
        }
    }
    void keepsContentUnlessTheKeyOrTheOrganisationSaysNo()
    {
        QFETCH(const int, key);
        QFETCH(const int, organization);
        QFETCH(const int, expected);
        const auto flag = [](int number) {
            return number < 0 ? std::nullopt : std::optional(number == 1);
        };
        ListedOwners store;
        // By its team, which brings its organisation along.
        store.rows = {{OwnerKind::Team, "t", "o", {}, false},
                      {OwnerKind::Organization, "o", {}, {}, false, flag(organization)}};
        OwnerDirectory directory;
        QVERIFY(directory.refresh(store));
        Principal principal = principalOf("t");
        auto facts = std::make_shared<KeyFacts>(*principal.key);
        KeyTerms terms;
        terms.storesContent = flag(key);
        facts->terms = std::make_shared<const KeyTerms>(terms);
        principal.key = std::move(facts);
        QCOMPARE(directory.admit(principal)->storesContent, flag(expected));
        // What somebody was told before counts no more.
        principal.storesContent = true;
        QCOMPARE(directory.admit(principal)->storesContent, flag(expected));
    }

    void stopsKeysOfABlockedOwner_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("organization") << 0;
        QTest::newRow("team") << 1;
        QTest::newRow("user") << 2;
        QTest::newRow("service account") << 3;
    }
    void stopsKeysOfABlockedOwner()
    {
        QFETCH(const int, kind);
        ListedOwners store;
        store.rows = {{static_cast<OwnerKind>(kind), "x", {}, {}, true}};
        OwnerDirectory directory;
        QVERIFY(directory.refresh(store));

        Principal principal = principalOf("x", "x", "x");
        principal.serviceAccountId = "x";
        const Result<Principal> refused = directory.admit(principal);
        QCOMPARE(refused.error().kind, ErrorKind::KeyBlocked);
        QVERIFY(refused.error().message.contains(QString::fromLatin1(QTest::currentDataTag())));
        QVERIFY(directory.admit(principalOf("y", "y", "y")));
        QVERIFY(directory.admit(principalOf({}, {}, {})));
    }

    void bringsTheOrganisationOfTheTeamAlong()
    {
        ListedOwners store;
        store.rows = {{OwnerKind::Team, "t", "o", {}, false},
                      {OwnerKind::Organization, "o", {}, {}, true}};
        OwnerDirectory directory;
        QVERIFY(directory.refresh(store));

        QVERIFY(!directory.admit(principalOf("t")));
        store.rows.pop_back();
        store.version = 2;
        QVERIFY(directory.refresh(store));
        QCOMPARE(directory.admit(principalOf("t"))->organizationId, "o"_ba);
        QCOMPARE(directory.admit(principalOf("t", {}, "own"))->organizationId, "own"_ba);
    }

    void allowsOnlyModelsThatAllOwnersAllow()
    {
        ListedOwners store;
        store.rows = {{OwnerKind::Team, "t", "o", {"a", "b"}, false},
                      {OwnerKind::Organization, "o", {}, {"b", "c"}, false},
                      {OwnerKind::User, "u", {}, {"*"}, false}};
        OwnerDirectory directory;
        QVERIFY(directory.refresh(store));
        const Permissions permissions;

        const Principal principal = directory.admit(principalOf("t", "u")).value();
        QVERIFY(permissions.allows(principal, "b"));
        for (const char *model : {"a", "c", "d", ""}) {
            QVERIFY(!permissions.allows(principal, model));
        }
        QVERIFY(permissions.allows(directory.admit(principalOf({}, "u")).value(), "d"));
    }

    void readsTheStoreOnlyWhenSomethingChanged()
    {
        ListedOwners store;
        OwnerDirectory directory;
        QVERIFY(directory.refresh(store));
        QVERIFY(directory.refresh(store));
        QCOMPARE(store.reads, 1);
        store.version = 2;
        store.rows = {{OwnerKind::Team, "t", {}, {}, true}};
        QVERIFY(directory.refresh(store));
        QCOMPARE(store.reads, 2);
        QVERIFY(!directory.admit(principalOf("t")));
    }

    void keepsWhatItKnowsWhileTheStoreIsAway()
    {
        ListedOwners store;
        store.rows = {{OwnerKind::Team, "t", {}, {}, true}};
        OwnerDirectory directory;
        QVERIFY(directory.refresh(store));
        store.version = 2;
        store.isAway = true;
        QVERIFY(!directory.refresh(store));
        QVERIFY(!directory.admit(principalOf("t")));
        store.isAway = false;
        store.rows.clear();
        QVERIFY(directory.refresh(store));
        QVERIFY(directory.admit(principalOf("t")));
    }

    void answersWhileItIsRefreshed()
    {
        ListedOwners store;
        OwnerDirectory directory;
        std::atomic<bool> isOver = false;
        std::atomic<int> strange = 0;
        std::thread reader([&] {
            while (!isOver) {
                const Result<Principal> admitted = directory.admit(principalOf("t"));
                if (!admitted && admitted.error().kind != ErrorKind::KeyBlocked) {
                    ++strange;
                }
            }
        });
        for (int round = 0; round < 500; ++round) {
            store.version = round;
            store.rows = {{OwnerKind::Team, "t", {}, {"m"}, round % 2 == 0}};
            QVERIFY(directory.refresh(store));
        }
        isOver = true;
        reader.join();
        QCOMPARE(strange.load(), 0);
    }
};

QTEST_GUILESS_MAIN(OwnerDirectoryTest)
#include "tst_owner_directory.moc"
