// Answers: the best variants of the segments found, after penalties; as `memory.index.variants` has them.
#pragma once

#include <functional>
#include <queue>

#include "run.hpp"

namespace memory_index {

// A variant of a segment: points after penalties and before, and where its pairs stand in the run's.
struct Answer {
    i64 left, points, segment, variant, first, last;
    u64 newest;
};

// What is asked of the best besides the text: digests of what its marks hide, penalties in points, how many, of which pairs.
struct Wanted {
    u32 numbers = 0, codes = 0;
    i64 for_numbers = 0, for_codes = 0, for_case = 0, for_punctuation = 0;
    i64 least = 0, most = 0;
    const u8 *dead = nullptr, *gone = nullptr;  // marks of segments without pairs, of pairs taken out; or none
};

class Answers {
   public:
    std::vector<Answer> found;

    explicit Answers(const Run& run) : run_(run) {}

    void begin(const Wanted& wanted) {
        wanted_ = wanted;
        bar_ = wanted.least;
        found.clear();
        best_ = {};
    }

    // The points below which nothing is wanted any more.
    i64 bar() const { return bar_; }
    bool dead(i64 segment) const { return wanted_.dead && wanted_.dead[segment]; }
    // Whether case and punctuation must be told apart in texts of equal words.
    bool minds_case() const { return wanted_.for_case != wanted_.for_punctuation; }

    // Take a segment's variants that reach the bar, at most as many as are wanted; the best, then the newest first.
    void take(i64 segment, i64 points, bool same_words, bool only_case) {
        i64 first = edge(run_.more_variants, segment), last = edge(run_.more_variants, segment + 1);
        i64 signs = !same_words || points == FULL ? 0 : only_case ? wanted_.for_case : wanted_.for_punctuation;
        i64 number = run_.numbers_places.lower(u64(first)), code = run_.codes_places.lower(u64(first));
        i64 more = run_.more_pairs.lower(u64(first)), pairs = run_.pairs.count + run_.wide_pairs.count;
        here_.clear();
        for (i64 variant = first; variant < last; ++variant) {
            bool numbers = value(run_.numbers_places, run_.numbers, number, variant) == wanted_.numbers;
            bool codes = value(run_.codes_places, run_.codes, code, variant) == wanted_.codes;
            i64 begins = variant + more;
            while (more < run_.more_pairs.count && run_.more_pairs[more] <= variant) ++more;
            i64 ends = std::min(variant + 1 + more, pairs);
            // An equal form is taken for a text that differs in signs.
            i64 taken = (numbers ? 0 : wanted_.for_numbers) + (codes ? 0 : wanted_.for_codes) + signs;
            if (points == FULL && numbers && codes) taken = wanted_.for_punctuation;
            i64 left = std::max<i64>(0, points - taken);
            if (left < bar_) continue;
            while (wanted_.gone && begins < ends && wanted_.gone[begins]) ++begins;
            if (begins >= ends) continue;
            u64 newest = run_.pairs.count ? run_.pairs[begins] : run_.wide_pairs[begins];
            here_.push_back({left, points, segment, variant, begins, ends, newest});
        }
        if (i64(here_.size()) > wanted_.most) {
            std::partial_sort(here_.begin(), here_.begin() + wanted_.most, here_.end(), better);
            here_.resize(wanted_.most);
        }
        for (const Answer& one : here_) {
            found.push_back(one);
            best_.push(one.left);
            if (i64(best_.size()) > wanted_.most) best_.pop();
        }
        if (i64(best_.size()) == wanted_.most) bar_ = std::max(bar_, best_.top());
    }

    // The best first, of equals the newest; nothing below the bar.
    void end() {
        auto below = [this](const Answer& one) { return one.left < bar_; };
        found.erase(std::remove_if(found.begin(), found.end(), below), found.end());
        std::sort(found.begin(), found.end(), better);
    }

   private:
    static bool better(const Answer& one, const Answer& other) {
        return one.left != other.left ? one.left > other.left : one.newest > other.newest;
    }

    // Where a row's entries begin (see memory/index/exceptions.py).
    static i64 edge(const Row<u32>& more, i64 row) { return row + more.lower(u64(row)); }

    // The value of a column of exceptions for the next row; `place` goes along.
    static u32 value(const Row<u32>& places, const Row<u32>& values, i64& place, i64 row) {
        while (place < places.count && places[place] < row) ++place;
        return place < std::min(places.count, values.count) && places[place] == row ? values[place] : 0;
    }

    const Run& run_;
    Wanted wanted_;
    i64 bar_ = 0;
    std::priority_queue<i64, std::vector<i64>, std::greater<i64>> best_;
    std::vector<Answer> here_;
};

}  // namespace memory_index
