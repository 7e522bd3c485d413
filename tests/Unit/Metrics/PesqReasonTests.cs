using SpeechGan.Metrics;

namespace SpeechGan.Tests.Unit.Metrics;

public sealed class PesqReasonTests
{
    private static float[] Speech { get; } = MetricVector.Named("short_4000").Clean();

    private static IEnumerable<TestCaseData> Cases()
    {
        yield return Case(
            "rate",
            Speech,
            Speech,
            44100,
            UnscorableReason.InvalidSampleRate,
            "wide-band PESQ is defined at 16000 Hz, the signals have 44100 Hz"
        );
        yield return Case(
            "wb at 8k",
            Speech,
            Speech,
            8000,
            UnscorableReason.InvalidSampleRate,
            "wide-band PESQ is defined at 16000 Hz, the signals have 8000 Hz"
        );
        yield return Case("nan", With(7, float.NaN), Speech, 16000, UnscorableReason.NonFiniteInput, "sample 7 of the clean signal is NaN");
        yield return Case(
            "inf",
            Speech,
            With(9, float.NegativeInfinity),
            16000,
            UnscorableReason.NonFiniteInput,
            "sample 9 of the enhanced signal is infinite"
        );
        yield return Case(
            "short",
            Speech,
            Speech[..3999],
            16000,
            UnscorableReason.BufferTooShort,
            "the enhanced signal has 3999 samples, at least 4000 (a quarter of a second) are needed"
        );
        yield return Case("empty", [], [], 16000, UnscorableReason.BufferTooShort, "the clean signal has 0 samples");
        yield return Case(
            "silent clean",
            new float[4000],
            Speech,
            16000,
            UnscorableReason.SilentReference,
            "every sample of the clean signal is zero"
        );
        yield return Case(
            "both silent",
            new float[4000],
            new float[4000],
            16000,
            UnscorableReason.SilentReference,
            "every sample of the clean signal is zero"
        );
        yield return Case(
            "silent enhanced",
            Speech,
            new float[4000],
            16000,
            UnscorableReason.SilentDegraded,
            "every sample of the enhanced signal is zero"
        );
        yield return Case(
            "constant clean",
            Constant(0.5f),
            Speech,
            16000,
            UnscorableReason.ConstantReference,
            "all samples of the clean signal have the same value"
        );
        yield return Case(
            "constant enhanced",
            Speech,
            Constant(-1),
            16000,
            UnscorableReason.ConstantDegraded,
            "all samples of the enhanced signal have the same value"
        );
        yield return Case(
            "faint enhanced",
            Speech,
            [.. Speech.Select(x => x * 1e-22f)],
            16000,
            UnscorableReason.SilentDegraded,
            "the enhanced signal has no measurable power"
        );
        yield return Case(
            "faint clean",
            [.. Speech.Select(x => x * 1e-22f)],
            Speech,
            16000,
            UnscorableReason.SilentReference,
            "the clean signal has no measurable power"
        );
    }

    [TestCaseSource(nameof(Cases))]
    public void A_pair_without_a_score_says_why(float[] clean, float[] enhanced, int rate, UnscorableReason reason, string sentence)
    {
        MetricResult result = Pesq.Score(clean, enhanced, rate, PesqMode.WideBand);
        result.HasValue.Should().BeFalse();
        result.Unscorable.Should().Be(reason);
        result.Sentence.Should().StartWith("PESQ has no value: " + sentence).And.EndWith(".");
        Pesq.RawScore(clean, enhanced, rate, PesqMode.WideBand).Should().Be(result);
    }

    // Section 2.2 of docs/pesq-algorithm.md.
    [Test]
    public void Faults_are_tested_in_the_order_of_the_specification()
    {
        Pesq.Score([float.NaN], [], 44100, PesqMode.NarrowBand).Unscorable.Should().Be(UnscorableReason.InvalidSampleRate);
        Pesq.Score([float.NaN], [], 16000, PesqMode.NarrowBand).Unscorable.Should().Be(UnscorableReason.NonFiniteInput);
        Pesq.Score(new float[10], [], 16000, PesqMode.NarrowBand).Unscorable.Should().Be(UnscorableReason.BufferTooShort);
    }

    [Test]
    public void The_rate_that_narrow_band_wants_is_told() =>
        Pesq.Score(Speech, Speech, 48000, PesqMode.NarrowBand)
            .Sentence.Should()
            .Be("PESQ has no value: narrow-band PESQ is defined at 8000 and 16000 Hz, the signals have 48000 Hz.");

    [Test]
    public void A_value_that_is_absent_is_never_a_number()
    {
        MetricResult none = MetricResult.None(UnscorableReason.SilentReference, "Nothing was said.");
        none.Invoking(r => r.Value).Should().Throw<InvalidOperationException>().WithMessage("Nothing was said.");
        none.TryGet(out _).Should().BeFalse();
        none.TryGetReason(out UnscorableReason? reason).Should().BeTrue();
        reason.Should().Be(UnscorableReason.SilentReference);
        none.ToString().Should().Be("unscorable (silent-reference): Nothing was said.");
        default(MetricResult)
            .Invoking(r => r.Value)
            .Should()
            .Throw<InvalidOperationException>()
            .WithMessage("The metric was not computed.");
        default(MetricResult).Unscorable.Should().Be(UnscorableReason.Undefined);
        FluentActions.Invoking(() => MetricResult.Of(double.NaN)).Should().Throw<ArgumentOutOfRangeException>();
        MetricResult.Of(0).TryGet(out double zero).Should().BeTrue();
        zero.Should().Be(0);
        MetricResult.Of(1.5).ToString().Should().Be("1.5");
    }

    [Test]
    public void Every_reason_has_a_name_of_its_own_and_a_code()
    {
        UnscorableReason[] reasons = Enum.GetValues<UnscorableReason>();
        reasons
            .Select(r => r.ToName())
            .Should()
            .OnlyHaveUniqueItems()
            .And.OnlyContain(n => n.All(c => c == '-' || char.IsAsciiLetterLower(c)));
        reasons.Select(r => r.ToCode()).Should().OnlyContain(n => n.All(c => c == '_' || char.IsAsciiLetterUpper(c)));
        UnscorableReason.SilentReference.ToCode().Should().Be("NO_UTTERANCES_DETECTED");
    }

    private static TestCaseData Case(string name, float[] clean, float[] enhanced, int rate, UnscorableReason reason, string sentence) =>
        new TestCaseData(clean, enhanced, rate, reason, sentence).SetArgDisplayNames(name);

    private static float[] With(int index, float value)
    {
        float[] copy = [.. Speech];
        copy[index] = value;
        return copy;
    }

    private static float[] Constant(float value) => [.. Enumerable.Repeat(value, 4000)];
}
