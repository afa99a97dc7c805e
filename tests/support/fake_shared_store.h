#pragma once

#include "gateway/ports/shared_store.h"

#include <memory>
#include <utility>
#include <vector>

namespace delta::test {

/// A shared store that answers what the test says, when it says so.
class FakeSharedStore final : public ports::SharedStore
{
public:
    struct Asked {
        ports::SharedCall call;
        std::shared_ptr<ports::SharedSink> sink;
    };

    void prepare(const ports::SharedScript &script) override
    {
        scripts.push_back(script);
    }
    bool ask(ports::SharedCall call, std::shared_ptr<ports::SharedSink> sink) override
    {
        if (isUp) {
            asked.push_back({std::move(call), std::move(sink)});
        }
        return isUp;
    }
    void tell(ports::SharedCall call) override
    {
        told.push_back(std::move(call));
    }
    /// Answers the call that was asked last.
    void answer(const ports::SharedAnswer &numbers)
    {
        const auto sink = asked.back().sink;
        sink->onAnswer(numbers);
    }

    bool isUp = true;
    std::vector<ports::SharedScript> scripts;
    std::vector<Asked> asked;
    std::vector<ports::SharedCall> told;
};

} // namespace delta::test
