#pragma once

namespace delta::test {

/// Holds scripts back until a test opens it. Safe from any thread; once open, it stays open.
class ScriptedGate
{
public:
    ScriptedGate();
    ~ScriptedGate();
    ScriptedGate(const ScriptedGate &) = delete;
    ScriptedGate &operator=(const ScriptedGate &) = delete;

    void open();
    /// Blocks the calling thread until the gate is open.
    void waitOpen() const;
    /// A descriptor that is readable once the gate is open.
    [[nodiscard]] int descriptor() const
    {
        return m_fd;
    }

private:
    int m_fd = -1;
};

} // namespace delta::test
