using SpeechGan.Metrics.PesqStages;

namespace SpeechGan.Tests.Unit.Metrics;

/// <summary>Rules that no vector exercises (end of section 20 of docs/pesq-algorithm.md), on numbers worked out by hand.</summary>
public sealed class PesqStageRuleTests
{
    private static RateTable Table => RateTable.At16Kilohertz;

    // Section 7.7: next to loud speech (1000 times the noise), a run that is on the whole less than three times the threshold is noise.
    [TestCase(1e-4, 2e-4, false)]
    [TestCase(1e-4, 4e-4, true)]
    [TestCase(2e-3, 4e-3, true)]
    public void A_faint_run_counts_unless_the_speech_is_far_above_the_noise(double noise, double faint, bool counts)
    {
        double[] powers = [.. Enumerable.Repeat(noise, 400)];
        powers.AsSpan(50, 100).Fill(1.0);
        powers.AsSpan(300, 10).Fill(faint);
        double[] activity = ActivityEnvelope.FromPowers(powers).Activity;
        activity[100].Should().Be(1.0);
        (activity[305] > 0).Should().Be(counts);
    }

    // Section 7.8: a gap of 50 windows is closed, one of 51 is not. 7.10: soft edges of two windows.
    [TestCase(50, true)]
    [TestCase(51, false)]
    public void A_gap_between_runs_is_closed_up_to_fifty_windows(int gap, bool closed)
    {
        double[] powers = new double[400];
        powers.AsSpan(100, 60).Fill(1.0);
        powers.AsSpan(160 + gap, 60).Fill(1.0);
        double[] activity = ActivityEnvelope.FromPowers(powers).Activity;
        (activity[160 + 25] > 0).Should().Be(closed);
        activity[97].Should().Be(0);
        activity[98].Should().BeApproximately(0.1, 1e-12);
        activity[99].Should().BeApproximately(0.3, 1e-12);
        activity[220 + gap].Should().BeApproximately(0.3, 1e-12);
        activity[221 + gap].Should().BeApproximately(0.1, 1e-12);
        activity[222 + gap].Should().Be(0);
    }

    // Section 7.6: four windows are no speech, five are.
    [TestCase(4, false)]
    [TestCase(5, true)]
    public void A_run_needs_five_windows(int length, bool counts)
    {
        double[] powers = new double[400];
        powers.AsSpan(50, 100).Fill(1.0);
        powers.AsSpan(300, length).Fill(1.0);
        (ActivityEnvelope.FromPowers(powers).Activity[301] > 0).Should().Be(counts);
    }

    [Test]
    public void Without_any_speech_everything_counts_as_speech()
    {
        double[] powers = new double[100];
        Array.Fill(powers, 1.0);
        ActivityEnvelope envelope = ActivityEnvelope.FromPowers(powers);
        envelope.Activity[10..90].Should().OnlyContain(e => e == 1.0);
        envelope.Activity[0].Should().Be(0);
        envelope.At(-1).Should().Be(0);
        envelope.At(100).Should().Be(0);
    }

    // Section 9.3, steps 3 and 4: 75 + trunc((64 - 1 + 10000) / 64) and trunc((60000 - 10000) / 64) - 75.
    [Test]
    public void Limits_do_not_leave_the_degraded_signal()
    {
        UtteranceAlignment.StartWithin(75, -10000, 64).Should().Be(75 + 157);
        UtteranceAlignment.StartWithin(75, -157 * 64, 64).Should().Be(75 + 157);
        UtteranceAlignment.StartWithin(75, 0, 64).Should().Be(75);
        UtteranceAlignment.EndWithin(900, 10000, 60000, 64).Should().Be(781 - 75);
        UtteranceAlignment.EndWithin(700, 0, 60000, 64).Should().Be(700);
    }

    // Step 2: (200 + 301) / 2 = 250. Step 5: p = 250*64 - 1000 = 15000 < q = 250*64 = 16000, c = 15500,
    // start = trunc((63 + 15500 + 1000) / 64) = 258, end = trunc(15500 / 64) = 242.
    [Test]
    public void Neighbours_meet_half_way_and_do_not_overlap_in_the_degraded_signal()
    {
        List<AlignedUtterance> utterances = [new(90, 200, 15, 275, 0, 0, 1), new(301, 400, 226, 475, -1000, -1000, 1)];
        UtteranceAlignment.SetLimits(utterances, windows: 600, degradedLength: 600 * 64, window: 64);
        utterances.Select(u => (u.Start, u.End)).Should().Equal((75, 242), (258, 525));
    }

    // Section 10.7: parts overlap by trunc(delay growth / (2 W)) on each side.
    [Test]
    public void Split_parts_overlap_where_the_delay_grows()
    {
        UtteranceSplitting.Limits(300, 100, 90, 64).Should().Be((300, 300));
        UtteranceSplitting.Limits(300, -200, 440, 64).Should().Be((305, 295));
    }

    // Section 8: a delay that would begin before the degraded signal moves the start of the reference's range.
    [Test]
    public void A_coarse_range_may_begin_before_the_degraded_signal()
    {
        var random = new Random(5);
        double[] reference = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble())];
        var coarse = new CoarseAlignment(reference, reference.AsMemory(12), 64, new FftTally());
        coarse.WholeSignal().Should().Be(-12 * 64);
        coarse.Range(0, 200, -10 * 64).Should().Be(-12 * 64);
        coarse.Range(5, 6, -10 * 64).Should().Be(-10 * 64, "nothing of the range is left");
    }

    [Test]
    public void Silence_has_no_coarse_lag()
    {
        var coarse = new CoarseAlignment(new double[100], Enumerable.Repeat(1.0, 100).ToArray(), 64, new FftTally());
        coarse.WholeSignal().Should().Be(0);
        coarse.Lag([1], [1, 2]).Should().Be(0);
    }

    [TestCase(37)]
    [TestCase(-130)]
    public void Fine_alignment_finds_a_shift_forwards_and_backwards(int shift)
    {
        var random = new Random(6);
        float[] reference = [.. Enumerable.Range(0, 20000).Select(_ => (float)(random.NextDouble() - 0.5))];
        float[] degraded = [.. Enumerable.Range(0, 20000).Select(i => i - shift is >= 0 and < 20000 ? reference[i - shift] : 0f)];
        var fine = new FineAlignment(reference, degraded, degraded.Length, Table, new FftTally());
        FineLag forwards = fine.Forwards(1024, 1024, 15000),
            backwards = fine.Backwards(15000, 15000, 2048);
        forwards.Samples.Should().Be(shift);
        forwards.Confidence.Should().Be(1);
        backwards.Should().Be(forwards);
        fine.Forwards(-5000, 0, 15000).Samples.Should().NotBe(0, "frames outside the signal are passed over, not an error");
        fine.Forwards(1024, 19000, 15000).Should().Be(new FineLag(0, 0), "no frame fits");
    }

    [Test]
    public void A_histogram_is_circular_and_its_first_largest_lag_wins()
    {
        var histogram = new LagHistogram(1024);
        histogram.Add(1023, 2);
        histogram.Add(0, 1);
        // Triangle of half width 16: 2 + 1 * 15/16 at lag -1.
        histogram.Peak().Should().Be(new FineLag(-1, (2 + 15 / 16.0) / 3));
        histogram.Clear();
        histogram.Peak().Should().Be(new FineLag(0, 0));
        histogram.Add(100, 1);
        histogram.Add(300, 1);
        histogram.Peak().Should().Be(new FineLag(100, 0.5));
        histogram.Clear();
        histogram.Add(512, 1);
        histogram.Peak().Samples.Should().Be(-512);
    }

    // Section 14.3, step 5: read up to M - 1, always from the unmoved signal, the later interval wins.
    [Test]
    public void Realigned_intervals_read_the_unmoved_signal_and_stop_at_its_end()
    {
        int longest = 2 * Table.Guard + 16000;
        float[] moved = [.. Enumerable.Range(0, longest + Table.Tail).Select(i => (float)i)];
        float[] realigned = BadIntervals.Realign(moved, [new(0, 5, 10), new(5, 10, 20), new(20, 26, 1_000_000)], longest, Table);
        int At(int frame) => Table.Guard + frame * Table.Hop;
        realigned[At(0) - 1].Should().Be(At(0) - 1);
        realigned[At(2)].Should().Be(At(2) + 10);
        realigned[At(5)].Should().Be(At(5) + 20);
        realigned[At(10) + Table.Frame - 1].Should().Be(At(10) + Table.Frame - 1 + 20);
        realigned[At(10) + Table.Frame].Should().Be(At(10) + Table.Frame);
        realigned[At(22)].Should().Be(longest - 1);
    }

    // Section 14.3, steps 1 to 3.
    [Test]
    public void Bad_intervals_are_smeared_and_need_five_frames()
    {
        double[] s = new double[60];
        foreach (int f in new[] { 0, 10, 11, 13, 15, 30, 31, 50, 57, 58 })
            s[f] = 31;
        BadIntervals.Find(s).Should().Equal((10, 16));
        s[12] = 30;
        BadIntervals.Find(s).Should().Equal((10, 16));
    }

    // Section 14.1: 700 samples fall out between two utterances.
    [Test]
    public void Frames_that_a_delay_decrease_swallows_count_nothing()
    {
        double[] s = [.. Enumerable.Repeat(1.0, 100)],
            y = [.. s];
        List<AlignedUtterance> utterances = [new(75, 175, 0, 0, 0, 0, 1), new(175, 400, 0, 0, 0, -700, 1)];
        // f1 = trunc((100*64 - 700)/256) = 22, f2 = trunc(100*64/256) = 25, f3 = trunc((100*64 + 700)/256) + 1 = 28.
        BadIntervals.SkipLostFrames(utterances, s, y, Table).Should().Be(7);
        Enumerable.Range(0, 100).Where(f => s[f] == 0 && y[f] == 0).Should().Equal(22, 23, 24, 25, 26, 27, 28);
        utterances[1] = utterances[1] with { Delay = -256 };
        BadIntervals.SkipLostFrames(utterances, s, y, Table).Should().Be(0, "a hop is no loss");
    }

    // Section 15.2 and 15.3: weights rise over the signal and are counted from the first frame.
    [Test]
    public void Time_weights_are_counted_from_the_first_frame()
    {
        const int frames = 1100,
            first = 50;
        int longest = 2 * Table.Guard + 1201 * Table.Hop; // n = 1200, c = 200/5500
        double[] disturbance = [.. Enumerable.Range(0, frames).Select(f => f < 600 ? 0.0 : 2.0)];
        double c = 200 / 5500.0,
            sum = 0,
            weights = 0;
        for (int f0 = first; f0 < frames; f0 += 10)
        {
            double sixth = 0;
            for (int f = f0; f < f0 + 20 && f < frames; f++)
                sixth += Math.Pow(disturbance[f], 6);
            double weight = 1 - c + c * (f0 - first) / 1200;
            sum += Math.Pow(weight * Math.Pow(sixth / 20, 1 / 6.0), 2);
            weights += weight * weight;
        }

        Aggregation.OverTime(disturbance, first, longest, Table).Should().BeApproximately(Math.Sqrt(sum / weights), 1e-12);
        Aggregation.TimeWeight(500, 1000, longest, Table).Should().Be(1);
    }

    // Section 12.2: the first frame is not smoothed; the limit does not reach the memory.
    [Test]
    public void Gain_is_smoothed_over_frames_before_it_is_limited()
    {
        double previous = 1;
        float[] silence = new float[Table.Bands],
            frame = new float[Table.Bands];
        Compensation.MatchGain(5000 * 99, silence, Table.HearingThreshold, isFirst: true, ref previous);
        previous.Should().Be(100);
        frame[0] = 8;
        Compensation.MatchGain(0, frame, Table.HearingThreshold, isFirst: false, ref previous);
        previous.Should().BeApproximately(0.2 * 100 + 0.8, 1e-12);
        frame[0].Should().Be(40, "the gain is limited to 5, in band 0 too");
    }

    // Section 11.2: the last utterance that has begun decides; before the first, the first.
    [Test]
    public void The_last_utterance_that_has_begun_gives_the_delay()
    {
        List<AlignedUtterance> utterances = [new(100, 200, 0, 0, 0, 1, 1), new(190, 300, 0, 0, 0, 2, 1), new(190, 400, 0, 0, 0, 3, 1)];
        AlignedUtterance.DelayAt(utterances, 0, 64).Should().Be(1);
        AlignedUtterance.DelayAt(utterances, 190 * 64 - 1, 64).Should().Be(1);
        AlignedUtterance.DelayAt(utterances, 190 * 64, 64).Should().Be(3);
    }
}
