// labels: db
// services: postgres
// dialects: both
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

namespace {

RateSubject subjectOf(RateScope scope)
{
    return {scope,
            scope == RateScope::Gateway ? QString() : u"a"_s,
            scope == RateScope::TeamMember ? u"b"_s : QString(),
            {}};
}

/// Makes a limit of one request at once.
RateLimit limitOf(RateSubject subject)
{
    RateLimit limit;
    limit.subject = std::move(subject);
    limit.limits.parallelRequests = 1;
    return limit;
}

/// Makes a limit in which every field has a value of its own.
RateLimit fullLimit()
{
    return {{RateScope::TeamMember, u"名前 'quoted' ?1"_s, u"member"_s, u"model"_s},
            {0, 2, 3, std::numeric_limits<qint64>::max(), 5, 6, 7}};
}

} // namespace

class RateLimitRepositoryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock);
    }
    void cleanup()
    {
        m_store.reset();
    }

    void readsBackEveryFieldOfALimit()
    {
        QVERIFY(m_store->putRateLimit(fullLimit()));
        const auto limits = m_store->loadRateLimits();
        QVERIFY(limits);
        QVERIFY(*limits == std::vector{fullLimit()});
        const auto found = m_store->findRateLimit(fullLimit().subject);
        QVERIFY(found && *found == fullLimit());
    }

    void keepsEveryScope()
    {
        for (const auto &[scope, name] : enumNames(RateScope())) {
            QVERIFY2(m_store->putRateLimit(limitOf(subjectOf(scope))), name.data());
            const auto limits = m_store->loadRateLimits();
            QVERIFY(limits && std::ranges::contains(*limits, limitOf(subjectOf(scope))));
        }
    }

    void keepsOneLimitForEachSubject()
    {
        RateLimit all = limitOf(subjectOf(RateScope::Key));
        RateLimit model = all;
        model.subject.model = u"m"_s;
        QVERIFY(m_store->putRateLimit(all));
        QVERIFY(m_store->putRateLimit(model));
        all.limits = {1, {}, {}, {}, {}, {}, {}}; // Replaced as a whole.
        QVERIFY(m_store->putRateLimit(all));
        const auto limits = m_store->loadRateLimits();
        QVERIFY(limits && *limits == (std::vector{all, model}));
    }

    void removesOneOrAllOfAnObject()
    {
        const RateLimit other = limitOf({RateScope::Key, u"b"_s, {}, {}});
        const RateLimit team = limitOf(subjectOf(RateScope::Team));
        RateLimit model = limitOf(subjectOf(RateScope::Key));
        model.subject.model = u"m"_s;
        for (const RateLimit &limit :
             {other, team, model, limitOf(subjectOf(RateScope::Key)), fullLimit()}) {
            QVERIFY(m_store->putRateLimit(limit));
        }
        const auto ofKey = m_store->loadRateLimitsOf(RateScope::Key, u"a"_s);
        QVERIFY(ofKey && *ofKey == (std::vector{limitOf(subjectOf(RateScope::Key)), model}));
        QVERIFY(m_store->removeRateLimitsOf(RateScope::Key, u"a"_s).value());
        QVERIFY(!m_store->removeRateLimitsOf(RateScope::Key, u"a"_s).value());
        QVERIFY(m_store->removeRateLimit(fullLimit().subject).value());
        QVERIFY(!m_store->removeRateLimit(fullLimit().subject).value());
        QVERIFY(!m_store->removeRateLimit({RateScope::Key, QString(), {}, {}}).value());
        const auto left = m_store->loadRateLimits();
        QVERIFY(left && *left == (std::vector{other, team}));
        const auto gone = m_store->findRateLimit(fullLimit().subject);
        QVERIFY(gone && !*gone);
    }

    void changesTheVersionWithEveryChange()
    {
        Store other(m_place->address(), m_clock); // Another process beside a running gateway.
        qint64 last = m_store->rateLimitVersion().value();
        const auto hasMoved = [this, &last] {
            const qint64 before = std::exchange(last, m_store->rateLimitVersion().value());
            return last != before;
        };
        QVERIFY(!hasMoved());
        QVERIFY(other.putRateLimit(limitOf(subjectOf(RateScope::Key))));
        QVERIFY(hasMoved());
        QVERIFY(other.putRateLimit({subjectOf(RateScope::Key), {1, {}, {}, {}, {}, {}, {}}}));
        QVERIFY(hasMoved());
        QVERIFY(other.removeRateLimit(subjectOf(RateScope::Key)).value());
        QVERIFY(hasMoved());
    }

    void refusesWhatMeansNothing()
    {
        RateLimit negative = limitOf(subjectOf(RateScope::Key));
        negative.limits.tokensPerHour = -1;
        QVERIFY(!m_store->putRateLimit(negative));
        QVERIFY(!m_store->putRateLimit(limitOf({RateScope::Gateway, u"a"_s, {}, {}})));
        QVERIFY(!m_store->putRateLimit(limitOf({RateScope::Team, {}, {}, {}})));
        QVERIFY(!m_store->putRateLimit(limitOf({RateScope::Team, u"a"_s, u"b"_s, {}})));
        QVERIFY(!m_store->putRateLimit(limitOf({RateScope::Model, u"a"_s, {}, u"m"_s})));
        const auto limits = m_store->loadRateLimits();
        QVERIFY(limits && limits->empty());
    }

    void refusesALimitThatALaterVersionWrote()
    {
        QVERIFY(m_store->putRateLimit(limitOf(subjectOf(RateScope::Key))));
        {
            const auto database = Database::open(m_place->address()).value();
            QVERIFY(database->execute(StorePlace::either(
                "PRAGMA ignore_check_constraints = ON",
                "ALTER TABLE rate_limits DROP CONSTRAINT rate_limits_scope_check")));
            QVERIFY(database->execute(u"UPDATE rate_limits SET scope = 'planet'"_s));
        }
        const auto limits = m_store->loadRateLimits();
        QVERIFY(!limits);
        QCOMPARE(limits.error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(limits.error().detail.contains(u"'planet'"_s));
    }
};

QTEST_GUILESS_MAIN(RateLimitRepositoryTest)
#include "tst_rate_limit_repository.moc"
