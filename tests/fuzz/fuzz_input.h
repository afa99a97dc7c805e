#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <cstddef>
#include <cstdint>

/// What libFuzzer calls with each input, and replay.cpp with each file of the corpus. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

namespace delta::fuzz {

/// Ends the process if something does not hold that must, whatever was sent; `what` says what.
void require(bool holds, const char *what, QByteArrayView shown = {});

/// An input: its first letter says what it is for, the rest is what was sent.
struct Input {
    Input(const std::uint8_t *data, std::size_t size);

    char purpose = '\0'; ///< Zero: there is no input.
    QByteArray text;

    /// Takes everything up to the next line end from the text; the line end is gone.
    [[nodiscard]] QByteArray takeLine();
};

/// Keeps Qt from writing a line for everything that is refused.
void keepQuiet();

} // namespace delta::fuzz
