// labels: unit hostile
#include "gateway/admin/key_service.h"
#include "gateway/auth/key_format.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/support/fake_budget_store.h"
#include "tests/support/fake_rate_limit_store.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::BudgetService;
using delta::admin::KeyService;
using delta::admin::RateLimitService;
using delta::auth::test::CountingRandom;
using delta::auth::test::fixedPepper;
using delta::auth::test::ListKeyStore;
using delta::auth::test::StoppedClock;
using delta::test::FakeBudgetStore;
using delta::test::FakeRateLimitStore;

namespace {

Budget budgetOf(std::int64_t nanos)
{
    Budget budget;
    budget.maxBudget = Money::fromNanos(nanos);
    return budget;
}

/// Makes a limit for one model, of somebody else.
RateLimit limitFor(const QString &model)
{
    RateLimit limit;
    limit.subject = {RateScope::Team, u"sales"_s, {}, model};
    limit.limits.requestsPerMinute = 5;
    return limit;
}

VirtualKey wishNamed(const QString &alias)
{
    VirtualKey wish;
    wish.alias = alias;
    return wish;
}

QByteArray bytesOf(const auth::KeyMac &mac)
{
    return {reinterpret_cast<const char *>(mac.data()), static_cast<qsizetype>(mac.size())};
}

} // namespace

class KeyServiceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void keepsWhatAWishSaysAndTheGatewayDecides();
    void keepsTheSecretNowhere();
    void makesKeysThatAreKnownAtOnce();
    void makesEveryKeyAnew();
    void refusesAWrongWish_data();
    void refusesAWrongWish();
    void tellsOfAStoreThatIsDown();
    void findsAKeyByIdAliasAndText();
    void findsNoKeyByANeighboursText();
    void revokesAKeyForGood();
    void saysThatThereWasNothingToRevoke();
    void listsTheNewestFirst();
    void worksWithoutADirectory();
    void makesABudgetBeforeItsKey();
    void makesNoKeyWithoutItsBudget();
    void takesBackTheBudgetOfAKeyThatIsNotStored();
    void keepsABudgetWhereAKeyMayHaveBeenStored();
    void refusesABudgetWhereNobodyKeepsThem();
    void removesBudgetsWithTheirKey();
    void makesLimitsBeforeTheirKey();
    void makesAllOfAKeyOrNothing();
    void refusesLimitsWhereNobodyKeepsThem();
    void removesLimitsWithTheirKey();

private:
    KeyService service()
    {
        return KeyService({m_store, m_pepper, m_clock, m_random, m_directory.get()});
    }

    KeyService serviceWithBudgets()
    {
        return KeyService(
            {m_store, m_pepper, m_clock, m_random, m_directory.get(), m_budgets.get(), &m_limits});
    }

    ListKeyStore m_store;
    FakeBudgetStore m_budgetStore;
    FakeRateLimitStore m_limitStore;
    RateLimitService m_limits{{m_limitStore}};
    StoppedClock m_clock;
    SystemRandom m_random;
    std::unique_ptr<BudgetService> m_budgets;
    auth::Pepper m_pepper = fixedPepper();
    std::unique_ptr<auth::KeyDirectory> m_directory;
};

void KeyServiceTest::init()
{
    m_store.keys.clear();
    m_store.isDown = false;
    m_store.takesKeys = true;
    m_store.removesKeys = true;
    m_budgetStore = FakeBudgetStore();
    m_limitStore = FakeRateLimitStore();
    m_budgets = std::make_unique<BudgetService>(
        BudgetService::Parts{m_budgetStore, m_clock, m_random});
    m_clock = StoppedClock();
    m_directory = std::make_unique<auth::KeyDirectory>();
}

void KeyServiceTest::keepsWhatAWishSaysAndTheGatewayDecides()
{
    VirtualKey wish = wishNamed(u"ci"_s);
    wish.userId = u"ada"_s;
    wish.teamId = u"research"_s;
    wish.models = {u"gpt-x"_s};
    wish.blocked = true;
    wish.expiresAt = m_clock.now + std::chrono::hours(1);
    wish.spend = Money::fromNanos(5); // These are not a client's to say.
    wish.id = u"mine"_s;
    wish.hint = u"mine"_s;
    const auto created = service().create(wish);
    QVERIFY(created);
    VirtualKey expected = wish;
    expected.id = created->key.id;
    expected.hint = QString::fromLatin1(created->secret.reveal().last(4));
    expected.createdAt = m_clock.now;
    expected.spend = {};
    QCOMPARE(created->key, expected);
    QCOMPARE(m_store.keys.size(), 1U);
    QCOMPARE(m_store.keys[0].key, expected);
    QVERIFY(auth::looksLikeOurs(created->secret.reveal()));
    QVERIFY(created->secret.reveal().contains(created->key.id.toLatin1()));
}

void KeyServiceTest::keepsTheSecretNowhere()
{
    const auto created = service().create({});
    QVERIFY(created);
    const ports::StoredKey &stored = m_store.keys.at(0);
    QCOMPARE(stored.mac, bytesOf(m_pepper.mac(created->secret.reveal())));
    const QByteArray middle = created->secret.reveal().sliced(20, 10);
    for (const QByteArray &kept : {stored.mac, stored.key.id.toUtf8(), stored.key.alias.toUtf8(),
                                   stored.key.hint.toUtf8()}) {
        QVERIFY(!kept.contains(middle));
    }
}

void KeyServiceTest::makesKeysThatAreKnownAtOnce()
{
    const auto created = service().create(wishNamed(u"a"_s));
    QVERIFY(created);
    const auto known = m_directory->lookup(m_pepper.mac(created->secret.reveal()));
    QVERIFY(known);
    QCOMPARE(known->id, created->key.id.toUtf8());
}

void KeyServiceTest::makesEveryKeyAnew()
{
    KeyService keys = service();
    const auto first = keys.create({});
    const auto second = keys.create({});
    QVERIFY(first && second);
    QVERIFY(first->key.id != second->key.id);
    QVERIFY(first->secret.reveal() != second->secret.reveal());
}

void KeyServiceTest::refusesAWrongWish_data()
{
    QTest::addColumn<QString>("alias");
    QTest::addColumn<QStringList>("models");
    QTest::addColumn<QString>("param");
    QTest::newRow("alias with a line break") << u"a\nb"_s << QStringList{} << u"key_alias"_s;
    QTest::newRow("alias too long") << QString(256, u'x') << QStringList{} << u"key_alias"_s;
    QTest::newRow("empty model") << u""_s << QStringList{u"a"_s, u""_s} << u"models[1]"_s;
    QTest::newRow("model with a control") << u""_s << QStringList{u"a\x1b"_s} << u"models[0]"_s;
}

void KeyServiceTest::refusesAWrongWish()
{
    QFETCH(const QString, alias);
    QFETCH(const QStringList, models);
    QFETCH(const QString, param);
    VirtualKey wish = wishNamed(alias);
    wish.models = models;
    const auto created = service().create(wish);
    QVERIFY(!created);
    QCOMPARE(created.error().kind, ErrorKind::InvalidRequest);
    QCOMPARE(created.error().param, param);
    QVERIFY(m_store.keys.empty());
    QCOMPARE(m_directory->size(), 0);
}

void KeyServiceTest::tellsOfAStoreThatIsDown()
{
    m_store.isDown = true;
    QCOMPARE(service().list().error().kind, ErrorKind::StoreUnavailable);
    const auto issued = auth::issueKey(m_random);
    QCOMPARE(service().find(QString::fromLatin1(issued.text.reveal())).error().kind,
             ErrorKind::StoreUnavailable);
}

void KeyServiceTest::findsAKeyByIdAliasAndText()
{
    KeyService keys = service();
    QVERIFY(keys.create(wishNamed(u"other"_s)));
    const auto created = keys.create(wishNamed(u"the alias"_s));
    QVERIFY(created);
    for (const QString &name :
         {created->key.id, u"the alias"_s, QString::fromLatin1(created->secret.reveal())}) {
        const auto found = keys.find(name);
        QVERIFY(found && *found);
        QCOMPARE((*found)->id, created->key.id);
    }
    for (const QString &name : {u"nobody"_s, u"the"_s, u"THE ALIAS"_s}) {
        const auto found = keys.find(name);
        QVERIFY(found && !*found);
    }
}

void KeyServiceTest::findsNoKeyByANeighboursText()
{
    KeyService keys = service();
    QVERIFY(keys.create({}));
    const auto unknown = keys.find(QString::fromLatin1(auth::issueKey(m_random).text.reveal()));
    QVERIFY(unknown && !*unknown);
}

void KeyServiceTest::revokesAKeyForGood()
{
    KeyService keys = service();
    const auto kept = keys.create(wishNamed(u"kept"_s));
    for (const QString &alias : {u"by id"_s, u"by alias"_s, u"by text"_s}) {
        const auto created = keys.create(wishNamed(alias));
        QVERIFY(created);
        const QString name = alias == "by id"_L1 ? created->key.id
            : alias == "by alias"_L1             ? alias
                                                 : QString::fromLatin1(created->secret.reveal());
        QCOMPARE(keys.revoke(name).value(), true);
        QVERIFY(!m_directory->lookup(m_pepper.mac(created->secret.reveal())));
        QCOMPARE(keys.revoke(name).value(), false);
    }
    QCOMPARE(m_store.keys.size(), 1U);
    QVERIFY(m_directory->lookup(m_pepper.mac(kept->secret.reveal())));
}

void KeyServiceTest::saysThatThereWasNothingToRevoke()
{
    QCOMPARE(service().revoke(u"nobody"_s).value(), false);
    QCOMPARE(service().revoke(u""_s).value(), false);
}

void KeyServiceTest::listsTheNewestFirst()
{
    KeyService keys = service();
    for (const QString &alias : {u"first"_s, u"second"_s, u"third"_s}) {
        m_clock.now += std::chrono::seconds(1);
        QVERIFY(keys.create(wishNamed(alias)));
    }
    const auto listed = keys.list();
    QVERIFY(listed);
    QStringList aliases;
    for (const VirtualKey &key : *listed) {
        aliases.append(key.alias);
    }
    QCOMPARE(aliases, (QStringList{u"third"_s, u"second"_s, u"first"_s}));
}

void KeyServiceTest::worksWithoutADirectory()
{
    m_directory.reset(); // As on the command line.
    const auto created = service().create({});
    QVERIFY(created);
    QCOMPARE(service().revoke(created->key.id).value(), true);
}

void KeyServiceTest::makesABudgetBeforeItsKey()
{
    Budget wish = budgetOf(25);
    wish.id = u"mine"_s; // These are not a client's to say.
    wish.scope = BudgetScope::Team;
    wish.scopeId = u"sales"_s;
    const auto created = serviceWithBudgets().create(wishNamed(u"a"_s), wish);
    QVERIFY(created && created->budget);
    const Budget &budget = created->budget->budget;
    QCOMPARE(budget.id, u"key-"_s + created->key.id);
    QCOMPARE(budget.scope, BudgetScope::Key);
    QCOMPARE(budget.scopeId, created->key.id);
    QCOMPARE(created->budget->left(), Money::fromNanos(25));
    QVERIFY(m_budgetStore.budgets == std::vector{budget});
    const auto found = serviceWithBudgets().budgetOf(created->key.id);
    QVERIFY(found && *found);
    QVERIFY((*found)->budget == budget);
    const auto other = serviceWithBudgets().create({});
    QVERIFY(other && !other->budget);
    const auto none = serviceWithBudgets().budgetOf(other->key.id);
    QVERIFY(none && !*none);
}

void KeyServiceTest::makesNoKeyWithoutItsBudget()
{
    const auto wrong = serviceWithBudgets().create({}, budgetOf(-1));
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().param, u"max_budget"_s);
    m_budgetStore.isDown = true;
    QCOMPARE(serviceWithBudgets().create({}, budgetOf(1)).error().kind,
             ErrorKind::StoreUnavailable);
    QVERIFY(m_store.keys.empty());
    QCOMPARE(m_directory->size(), 0);
}

void KeyServiceTest::takesBackTheBudgetOfAKeyThatIsNotStored()
{
    m_store.takesKeys = false;
    QCOMPARE(serviceWithBudgets().create({}, budgetOf(1)).error().kind,
             ErrorKind::StoreUnavailable);
    QVERIFY(m_budgetStore.budgets.empty());
}

void KeyServiceTest::keepsABudgetWhereAKeyMayHaveBeenStored()
{
    m_store.takesKeys = false;
    m_store.removesKeys = false; // Nobody can tell what became of the key.
    QVERIFY(!serviceWithBudgets().create({}, budgetOf(1)));
    QCOMPARE(m_budgetStore.budgets.size(), 1U);
}

void KeyServiceTest::refusesABudgetWhereNobodyKeepsThem()
{
    const auto created = service().create({}, budgetOf(1));
    QVERIFY(!created);
    QCOMPARE(created.error().param, u"max_budget"_s);
    QVERIFY(m_store.keys.empty());
    const auto none = service().budgetOf(u"key00001"_s);
    QVERIFY(none && !*none);
}

void KeyServiceTest::removesBudgetsWithTheirKey()
{
    const auto gone = serviceWithBudgets().create({}, budgetOf(1));
    const auto kept = serviceWithBudgets().create({}, budgetOf(1));
    QVERIFY(gone && kept);
    m_store.removesKeys = false;
    QVERIFY(!serviceWithBudgets().revoke(gone->key.id));
    QCOMPARE(m_budgetStore.budgets.size(), 2U); // The key still works.
    m_store.removesKeys = true;
    QCOMPARE(serviceWithBudgets().revoke(gone->key.id).value(), true);
    QVERIFY(m_budgetStore.budgets == std::vector{kept->budget->budget});
}

void KeyServiceTest::makesLimitsBeforeTheirKey()
{
    const auto created = serviceWithBudgets().create({}, {}, {limitFor(u"a"_s), limitFor(u"b"_s)});
    QVERIFY(created);
    QCOMPARE(created->limits.size(), 2U);
    QVERIFY(m_limitStore.limits == created->limits);
    const RateSubject expected{RateScope::Key, created->key.id, {}, u"a"_s};
    QVERIFY(created->limits.front().subject == expected);
    const auto found = serviceWithBudgets().limitsOf(created->key.id);
    QVERIFY(found && *found == created->limits);
    const auto none = service().limitsOf(created->key.id);
    QVERIFY(none && none->empty());
}

void KeyServiceTest::makesAllOfAKeyOrNothing()
{
    RateLimit wrong = limitFor(u"b"_s);
    wrong.limits = {};
    QVERIFY(!serviceWithBudgets().create({}, budgetOf(1), {limitFor(u"a"_s), wrong}));
    m_store.takesKeys = false;
    QVERIFY(!serviceWithBudgets().create({}, budgetOf(1), {limitFor(u"a"_s)}));
    QVERIFY(m_store.keys.empty());
    QVERIFY(m_budgetStore.budgets.empty());
    QVERIFY(m_limitStore.limits.empty());
    m_store.removesKeys = false; // Nobody can tell what became of the key.
    QVERIFY(!serviceWithBudgets().create({}, {}, {limitFor(u"a"_s)}));
    QCOMPARE(m_limitStore.limits.size(), 1U);
}

void KeyServiceTest::refusesLimitsWhereNobodyKeepsThem()
{
    const auto created = service().create({}, {}, {limitFor(u"a"_s)});
    QVERIFY(!created);
    QCOMPARE(created.error().param, u"model_rpm_limit"_s);
    QVERIFY(m_store.keys.empty());
}

void KeyServiceTest::removesLimitsWithTheirKey()
{
    const auto gone = serviceWithBudgets().create({}, {}, {limitFor(u"a"_s)});
    const auto kept = serviceWithBudgets().create({}, {}, {limitFor(u"a"_s)});
    QVERIFY(gone && kept);
    m_store.removesKeys = false;
    QVERIFY(!serviceWithBudgets().revoke(gone->key.id));
    QCOMPARE(m_limitStore.limits.size(), 2U); // The key still works.
    m_store.removesKeys = true;
    QCOMPARE(serviceWithBudgets().revoke(gone->key.id).value(), true);
    QVERIFY(m_limitStore.limits == kept->limits);
}

QTEST_APPLESS_MAIN(KeyServiceTest)
#include "tst_key_service.moc"
