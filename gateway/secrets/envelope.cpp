#include "gateway/secrets/envelope.h"

#include "gateway/secrets/aes_gcm.h"
#include "shared/core/quoted.h"

#include <cstddef>
#include <span>
#include <utility>

namespace delta::secrets {

using namespace Qt::StringLiterals;

namespace {

// A sealed value, version 1:
//
//    1  version
//    4  id of the key on the ring, the first four bytes of its SHA-256
//   60  the value's own key, encrypted with that one: nonce 12, key 32, tag 16
//    n  the value, encrypted with its own key: nonce 12, text, tag 16
//
// What is bound to each is a word that says which of the two it is, and the context; to the first the id as well.
// So the first can be replaced without the second.
constexpr char version = 1;
constexpr qsizetype idAt = 1;
constexpr qsizetype idBytes = 4;
constexpr qsizetype keyAt = idAt + idBytes;
constexpr qsizetype wrappedBytes = gcmKeyBytes + gcmExtraBytes;
constexpr qsizetype valueAt = keyAt + wrappedBytes;
constexpr qsizetype shortest = valueAt + gcmExtraBytes;

std::unexpected<ApiError> cannotOpen(const QString &why, QByteArrayView context)
{
    const QString place = context.isEmpty()
        ? QString()
        : u"its place is %1"_s.arg(quoted(QString::fromUtf8(context)));
    return failure(
        ApiError::storeUnavailable(u"A stored secret cannot be opened: %1."_s.arg(why), place));
}

std::unexpected<ApiError> cannotSeal()
{
    return failure(
        ApiError::internal(u"a secret cannot be sealed: it is too long, or OpenSSL fails"_s));
}

QByteArray boundToKey(QByteArrayView id, QByteArrayView context)
{
    return "deltallm sealed key 1|" + id.toByteArray() + '|' + context.toByteArray();
}

QByteArray boundToValue(QByteArrayView context)
{
    return "deltallm sealed value 1|" + context.toByteArray();
}

/// Says what keeps a text from being a sealed value; empty if nothing does.
QString formFault(QByteArrayView sealed)
{
    if (sealed.isEmpty()) {
        return u"it is empty"_s;
    }
    if (sealed.front() != version) {
        return u"it has the unknown format %1; a newer gateway may have written it"_s.arg(
            static_cast<unsigned char>(sealed.front()));
    }
    return sealed.size() < shortest ? u"it is cut short"_s : QString();
}

} // namespace

Envelope::Envelope(KeyRing ring, Random &random, Reread reread)
    : m_ring(std::make_shared<const KeyRing>(std::move(ring)))
    , m_random(random)
    , m_reread(std::move(reread))
{
}

void Envelope::adopt(KeyRing ring)
{
    const std::lock_guard lock(m_change);
    m_ring = std::make_shared<const KeyRing>(std::move(ring));
}

/// Returns the ring, with the key if it can be found: another process may seal with a new key before anybody here was
/// told of it. What seals stays.
std::shared_ptr<const KeyRing> Envelope::ringWith(QByteArrayView id)
{
    if (auto ring = m_ring.load(); ring->find(id) || !m_reread) {
        return ring;
    }
    const std::lock_guard lock(m_change);
    const auto ring = m_ring.load();
    const std::optional<KeyRing> read = m_reread();
    if (auto fresh = read ? read->sealingWith(ring->newest().id) : std::nullopt) {
        m_ring = std::make_shared<const KeyRing>(*std::move(fresh));
    }
    return m_ring.load();
}

Result<QByteArray> Envelope::seal(const Secret &plain, QByteArrayView context)
{
    QByteArray bytes(gcmKeyBytes, Qt::Uninitialized);
    m_random.fill(std::as_writable_bytes(std::span(bytes.data(), std::size_t(gcmKeyBytes))));
    const Secret key(std::move(bytes));
    TRY(const QByteArray head, wrap(key, context));
    const auto value = gcmEncrypt(key, plain, boundToValue(context), m_random);
    if (!value) {
        return cannotSeal();
    }
    return head + *value;
}

Result<Secret> Envelope::open(const QByteArray &sealed, QByteArrayView context)
{
    TRY(const Secret key, unwrap(sealed, context));
    auto plain = gcmDecrypt(key, QByteArrayView(sealed).sliced(valueAt), boundToValue(context));
    if (!plain) {
        return cannotOpen(u"it was changed"_s, context);
    }
    return *std::move(plain);
}

Result<QByteArray> Envelope::rewrap(const QByteArray &sealed, QByteArrayView context)
{
    TRY(const Secret key, unwrap(sealed, context));
    TRY(const QByteArray id, kekIdOf(sealed));
    if (id == ring()->newest().id) {
        return sealed;
    }
    TRY(const QByteArray head, wrap(key, context));
    return head + sealed.sliced(valueAt);
}

Result<QByteArray> Envelope::kekIdOf(QByteArrayView sealed)
{
    if (const QString fault = formFault(sealed); !fault.isEmpty()) {
        return cannotOpen(fault, {});
    }
    return sealed.sliced(idAt, idBytes).toByteArray().toHex();
}

/// Returns all of a sealed value that comes before the value itself.
Result<QByteArray> Envelope::wrap(const Secret &key, QByteArrayView context)
{
    const auto ring = m_ring.load();
    const SealingKey &newest = ring->newest();
    const auto wrapped = gcmEncrypt(newest.bytes, key, boundToKey(newest.id, context), m_random);
    if (!wrapped) {
        return cannotSeal();
    }
    return version + QByteArray::fromHex(newest.id) + *wrapped;
}

/// Returns the value's own key.
Result<Secret> Envelope::unwrap(QByteArrayView sealed, QByteArrayView context)
{
    if (const QString fault = formFault(sealed); !fault.isEmpty()) {
        return cannotOpen(fault, context);
    }
    TRY(const QByteArray id, kekIdOf(sealed));
    const auto ring = ringWith(id);
    const SealingKey *const sealing = ring->find(id);
    if (!sealing) {
        return cannotOpen(
            u"it is sealed with the key %1, which this gateway does not have; it has %2"_s.arg(
                QString::fromLatin1(id), ring->ids().join(u", "_s)),
            context);
    }
    auto key = gcmDecrypt(sealing->bytes, sealed.sliced(keyAt, wrappedBytes),
                          boundToKey(id, context));
    if (!key) {
        return cannotOpen(u"it was changed, or belongs to another place"_s, context);
    }
    return *std::move(key);
}

} // namespace delta::secrets
