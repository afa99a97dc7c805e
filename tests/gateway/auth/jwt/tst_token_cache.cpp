#include "gateway/auth/jwt/token_cache.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <QtTest>

using namespace delta::auth;
using namespace delta::auth::test;
using namespace Qt::StringLiterals;

class TokenCacheTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void remembersWhoHoldsAToken()
    {
        TokenCache cache;
        cache.insert(TokenCache::nameOf("a"), m_keys, m_facts);
        QCOMPARE(cache.find(TokenCache::nameOf("a"), m_keys), m_facts);
        QVERIFY(!cache.find(TokenCache::nameOf("b"), m_keys));
    }

    void tellsTokensApartThatBeginAlike()
    {
        const QByteArray begin(8000, 'x');
        TokenCache cache;
        cache.insert(TokenCache::nameOf(begin + 'a'), m_keys, m_facts);
        QVERIFY(!cache.find(TokenCache::nameOf(begin + 'b'), m_keys));
        QVERIFY(!cache.find(TokenCache::nameOf(begin), m_keys));
    }

    void forgetsAllWhenTheKeysAreOthers()
    {
        TokenCache cache;
        cache.insert("a", m_keys, m_facts);
        const auto others = std::make_shared<const KeySet>(*m_keys);
        QVERIFY(!cache.find("a", others));
        cache.insert("b", others, m_facts);
        QCOMPARE(cache.size(), 1);
        QVERIFY(!cache.find("a", others));
        QVERIFY(!cache.find("a", m_keys));
    }

    void forgetsWhatWasNotUsedForLong()
    {
        TokenCache cache(10);
        cache.insert("used", m_keys, m_facts);
        cache.insert("unused", m_keys, m_facts);
        for (int index = 0; index < 1000; ++index) {
            cache.insert(QByteArray::number(index), m_keys, m_facts);
            QVERIFY(cache.find("used", m_keys));
            QVERIFY(cache.size() <= 20);
        }
        QVERIFY(!cache.find("unused", m_keys));
    }

private:
    const TokenCache::Keys m_keys = std::make_shared<const KeySet>(
        keySetOf({SigningKey(KeyKind::Ed25519).jwk(u"a"_s)}));
    const TokenCache::Facts m_facts = std::make_shared<const KeyFacts>();
};

QTEST_APPLESS_MAIN(TokenCacheTest)
#include "tst_token_cache.moc"
