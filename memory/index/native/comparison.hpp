// Comparison: a query held against one segment, by what is cheapest first and no further than the bar.
#pragma once

#include "answers.hpp"
#include "words.hpp"

namespace memory_index {

// A segment that may be among the best: the most it can score, what it will score perhaps, and whether letters alone count.
struct Candidate {
    u32 segment = 0;
    u16 bound = 0, guess = 0;
    bool by_letters = false;
    // Where its chunks and words were read to, and how many they are.
    u16 chunks = 0, words = 0;
    u32 chunks_at = 0, words_at = 0;
};

class Comparison {
   public:
    Words words;
    Answers answers;

    explicit Comparison(const Run& run)
        : words(run), answers(run), run_(run), slots_(run.alphabet.count + 1, 0), laid_(LONGEST + 1) {}

    // Take the letters of the query, of at most LONGEST.
    void letters(const std::vector<u32>& letters) {
        for (u16 code : used_) slots_[code] = 0;
        used_.clear();
        for (u32 letter : letters) {
            u16 code = run_.code(letter);
            if (code == UNKNOWN || slots_[code]) continue;
            used_.push_back(code);
            slots_[code] = u16(used_.size());
        }
        pattern_.begin(i64(letters.size()), i64(used_.size()));
        for (size_t place = 0; place < letters.size(); ++place) {
            u16 code = run_.code(letters[place]);
            if (code != UNKNOWN) pattern_.set(i64(place), slots_[code]);
        }
        if (words.count() <= SHORT) bag_ = bag(letters);
    }

    // What each letter of the alphabet is with case folded, one after the other, and where each begins; the query's letters.
    std::vector<u32> folds, fold_rows, folded;

   protected:
    // Points left of the longer one; two empty texts are the same.
    static i64 share(i64 longest, i64 apart) { return longest ? FULL * (longest - std::min(apart, longest)) / longest : FULL; }

    // Points for what words cost.
    i64 said(i64 m, i64 cost) const {
        i64 whole = ANOTHER * std::max(words.count(), m);
        return FULL * std::max<i64>(0, whole - cost) / whole;
    }

    // What the letters can score at most, by their number and by the words that are not shared: an edit changes two at most.
    i64 near(i64 segment) const {
        i64 length = run_.lengths[segment], longest = std::max(length, pattern_.size);
        return share(longest, std::max(longest - std::min(length, pattern_.size), (words.unlike() + 1) >> 1));
    }

    // Whether the query has not yet cost more than any should.
    bool in_time() const { return words.spent() + pattern_.spent() <= BUDGET; }

    // A segment's points, and its variants where they are enough.
    void compare(const Candidate& one) {
        i64 points = one.by_letters ? letters_alone(one.segment) : blended(one);
        if (points < answers.bar()) return;
        bool same = points < FULL && same_words(one);
        answers.take(one.segment, points, same, same && answers.minds_case() && same_folded(one.segment));
    }

    const Run& run_;
    Pattern pattern_;
    u64 bag_ = 0;                      // of the letters of a query of few words
    std::vector<u32> chunks_, words_;  // of the candidates that were read

   private:
    static constexpr i64 BUDGET = 200000000;  // cells and blocks for one query, about half a second

    // Whether a segment's words are the query's.
    bool same_words(const Candidate& one) const {
        if (!one.by_letters) return words.same(words_.data() + one.words_at, one.words);
        std::vector<u32> chunks, found;
        return run_.read_chunks(one.segment, chunks) && run_.read_words(chunks.data(), i64(chunks.size()), found) &&
               words.same(found.data(), i64(found.size()));
    }

    i64 letters_alone(i64 segment) {
        i64 size = run_.lengths[segment], longest = std::max(size, pattern_.size);
        if (longest == 0) return FULL;
        if (size > LONGEST || !run_.read_label(segment, slots_, laid_.data())) return -1;
        i64 distance = pattern_.distance(laid_.data(), size, longest * (FULL - answers.bar()) / FULL);
        return distance < 0 ? -1 : FULL * (longest - distance) / longest;
    }

    // The points of both halves, or -1 where they are below the bar: by what is cheapest first.
    i64 blended(const Candidate& one) {
        words.make_room();
        if (!words.hold(words_.data() + one.words_at, one.words)) return -1;
        i64 m = words.theirs(), bar = answers.bar(), near_most = near(one.segment);
        i64 cost = words.bound();
        if (words.count() > Words::FEW && near_most + said(m, cost) >= 2 * bar)
            cost = std::max(cost, words.bound_by_order(room(m, 2 * bar - near_most)));
        i64 said_most = said(m, cost);
        if (near_most + said_most < 2 * bar) return -1;
        i64 size = run_.read_letters(chunks_.data() + one.chunks_at, one.chunks, slots_, laid_.data());
        if (size < 0) return -1;
        i64 longest = std::max(size, pattern_.size), most = longest * (FULL - std::max<i64>(0, 2 * bar - said_most)) / FULL;
        i64 distance = longest ? pattern_.distance(laid_.data(), size, most) : 0;
        if (distance < 0) return -1;
        i64 near = longest ? FULL * (longest - distance) / longest : FULL;
        cost = words.distance(room(m, 2 * bar - near));
        return cost < 0 ? -1 : (near + said(m, cost)) / 2;
    }

    // Whether a segment's letters differ from the query's by case alone.
    bool same_folded(i64 segment) {
        std::vector<u16> places(run_.alphabet.count + 1);
        for (i64 place = 0; place < run_.alphabet.count; ++place) places[place] = u16(place);
        std::vector<u32> chunks;
        if (!run_.read_chunks(segment, chunks)) return false;
        i64 size = run_.read_letters(chunks.data(), i64(chunks.size()), places, laid_.data());
        size_t at = 0;
        for (i64 place = 0; place < size; ++place)
            for (u32 fold = fold_rows[laid_[place]]; fold < fold_rows[laid_[place] + 1]; ++fold)
                if (at == folded.size() || folded[at++] != folds[fold]) return false;
        return at == folded.size();
    }

    // What words may cost where they must have so many points.
    i64 room(i64 m, i64 points) const {
        return ANOTHER * std::max(words.count(), m) * (FULL - std::max<i64>(0, points)) / FULL;
    }

    std::vector<u16> slots_, used_, laid_;
};

}  // namespace memory_index
