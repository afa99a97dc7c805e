#pragma once

#include <QtTypes>

#include <cstdint>
#include <utility>
#include <vector>

namespace delta::auth {

/// A hash table of pointers with open addressing: one pointer per slot, nothing per element, 53 to
/// 80 % full. `hashOf` computes a 64-bit hash from what a pointer points to; all its bits must be
/// random.
/// Not thread-safe.
template <typename Pointer, auto hashOf>
class SlotTable
{
public:
    [[nodiscard]] qsizetype size() const
    {
        return m_size;
    }

    /// Makes room for that many elements at once.
    void reserve(qsizetype count)
    {
        const auto wanted = static_cast<std::size_t>(count) * 5 / 4 + 4;
        if (wanted > m_slots.size()) {
            rehash(wanted);
        }
    }

    /// Returns the slot of the element with that hash for which isWanted(pointer) holds; null if
    /// there is none.
    template <typename Predicate>
    [[nodiscard]] const Pointer *find(std::uint64_t hash, Predicate isWanted) const
    {
        if (m_slots.empty()) {
            return nullptr;
        }
        for (std::size_t index = home(hash); m_slots[index]; index = next(index)) {
            if (isWanted(m_slots[index])) {
                return &m_slots[index];
            }
        }
        return nullptr;
    }

    /// Adds an element that is not there yet.
    void insert(Pointer pointer)
    {
        if (static_cast<std::size_t>(m_size + 1) * 5 > m_slots.size() * 4) {
            rehash(m_slots.size() * 3 / 2 + 4);
        }
        place(std::move(pointer));
        ++m_size;
    }

    /// Puts an element in the place of another that has the same hash; returns that. `slot` is what find() returned.
    Pointer exchange(const Pointer *slot, Pointer pointer)
    {
        return std::exchange(m_slots[static_cast<std::size_t>(slot - m_slots.data())],
                             std::move(pointer));
    }

    /// Removes an element by the slot that find() returned.
    void erase(const Pointer *slot)
    {
        // Backward shift: elements that were pushed past the gap move into it, so no tombstones
        // remain.
        auto gap = static_cast<std::size_t>(slot - m_slots.data());
        m_slots[gap] = Pointer();
        for (std::size_t index = next(gap); m_slots[index]; index = next(index)) {
            if (distance(home(hashOf(*m_slots[index])), index) >= distance(gap, index)) {
                m_slots[gap] = std::exchange(m_slots[index], Pointer());
                gap = index;
            }
        }
        --m_size;
    }

private:
    /// Maps the hash to a slot by a multiplication, so that the size need not be a power of two.
    [[nodiscard]] std::size_t home(std::uint64_t hash) const
    {
        __extension__ using Wide = unsigned __int128;
        return static_cast<std::size_t>((Wide(hash) * m_slots.size()) >> 64);
    }
    [[nodiscard]] std::size_t next(std::size_t index) const
    {
        return index + 1 == m_slots.size() ? 0 : index + 1;
    }
    /// Returns how many steps lead from one slot to another.
    [[nodiscard]] std::size_t distance(std::size_t from, std::size_t to) const
    {
        return to >= from ? to - from : to + m_slots.size() - from;
    }
    void place(Pointer pointer)
    {
        std::size_t index = home(hashOf(*pointer));
        while (m_slots[index]) {
            index = next(index);
        }
        m_slots[index] = std::move(pointer);
    }
    void rehash(std::size_t capacity)
    {
        std::vector<Pointer> old = std::exchange(m_slots, std::vector<Pointer>(capacity));
        for (Pointer &pointer : old) {
            if (pointer) {
                place(std::move(pointer));
            }
        }
    }

    std::vector<Pointer> m_slots;
    qsizetype m_size = 0;
};

} // namespace delta::auth
