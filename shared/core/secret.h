#pragma once

#include <QByteArray>

#include <memory>

namespace delta {

/// Holds a credential. It cannot be printed, compared with ==, or converted to text by accident:
/// the only way to its bytes is reveal(), which a reviewer can search for.
/// The bytes are overwritten when the last owner lets go. Copies share them, across threads too.
class Secret
{
public:
    Secret() = default;
    /// Takes over the bytes. What the caller keeps of them is the caller's to wipe; while such a
    /// copy lives, the bytes that it shares are not overwritten.
    explicit Secret(QByteArray bytes);
    Secret(const Secret &) = default;
    Secret(Secret &&) noexcept = default;
    Secret &operator=(const Secret &other) = default;
    Secret &operator=(Secret &&other) noexcept = default;
    ~Secret() = default;

    [[nodiscard]] bool isEmpty() const
    {
        return m_bytes == nullptr;
    }
    /// Returns the bytes. The caller must not log or store them.
    [[nodiscard]] const QByteArray &reveal() const;
    /// Returns the last four characters for people to recognise the secret by; "" for secrets of
    /// fewer than twelve, of which four would give away too much.
    [[nodiscard]] QByteArray hint() const;

private:
    /// Counted apart from QByteArray's own sharing: two threads that let go at once would each see
    /// the other as an owner there, and nobody would wipe.
    std::shared_ptr<const QByteArray> m_bytes; ///< Null: empty.
};

/// Overwrites and empties the bytes if nobody shares them; otherwise only lets go of them.
void wipe(QByteArray &bytes);

} // namespace delta
