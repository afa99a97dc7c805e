#pragma once

#include <QByteArray>

namespace delta {

/// Holds a credential. It cannot be printed, compared with ==, or converted to text by accident:
/// the only way to its bytes is reveal(), which a reviewer can search for.
/// The bytes are overwritten when the last owner lets go. Copies share them.
class Secret
{
public:
    Secret() = default;
    explicit Secret(QByteArray bytes);
    Secret(const Secret &) = default;
    Secret(Secret &&) noexcept = default;
    Secret &operator=(const Secret &other);
    Secret &operator=(Secret &&other) noexcept;
    ~Secret();

    [[nodiscard]] bool isEmpty() const
    {
        return m_bytes.isEmpty();
    }
    /// Returns the bytes. The caller must not log or store them.
    [[nodiscard]] const QByteArray &reveal() const
    {
        return m_bytes;
    }
    /// Returns the last four characters for people to recognise the secret by; "" for short ones.
    [[nodiscard]] QByteArray hint() const;

private:
    void wipe();

    QByteArray m_bytes;
};

} // namespace delta
