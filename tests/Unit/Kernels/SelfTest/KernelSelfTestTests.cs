using System.Globalization;
using SpeechGan.Configuration;
using SpeechGan.Engine;
using SpeechGan.Kernels.SelfTest;
using SpeechGan.Models;
using SpeechGan.Runs;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Kernels.SelfTest;

/// <summary>What a self-test finds, what it then switches, and what it says.</summary>
[RequiresTensorEngine]
internal sealed class KernelSelfTestTests
{
    private static readonly LibraryPaths Paths = LibraryPaths.OfLibtorch();

    private static readonly string[] Sizes =
    [
        "tiny",
        "small",
        "cmgan",
        "model.channels=6 model.heads=2 discriminator.features=3",
        "model.channels=20",
        "model.channels=1 model.heads=1 discriminator.features=1",
        "model.channels=3 model.heads=1",
    ];

    // On some processors oneDNN computes float32 convolutions wrongly (docs/kernels.md); the self-test then switches it off.
    private static readonly Lazy<bool> OneDnnIsRight = new(() =>
        KernelSelfTest.Run(Config("tiny", KernelChoice.Operators), TestPurpose.Training).Record.OneDnn.State != "off"
    );

    private static string Operators => OneDnnIsRight.Value ? "operators, oneDNN on" : "operators, oneDNN off";

    private int threads;

    [SetUp]
    public void Keep() => threads = get_num_threads();

    [TearDown]
    public void Restore()
    {
        set_num_threads(threads);
        Paths.Switch(LibraryPath.OneDnn, true);
    }

    // A quarter: the worst was an eighth where docs/kernels.md was measured; other processors sum in another order.
    [Test]
    public void Every_check_in_force_is_a_quarter_of_its_limit_at_most(
        [ValueSource(nameof(Sizes))] string size,
        [Values] KernelChoice choice,
        [Values(1, 2)] int threads
    )
    {
        set_num_threads(threads);
        var record = KernelSelfTest.Run(Config(size, choice), TestPurpose.Training).Record;
        TestContext.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{record.Checks.Count} checks in {record.Seconds:F3} s; oneDNN {record.OneDnn.State}, NNPACK {record.Nnpack.State}"
            )
        );
        foreach (var c in record.Checks)
            TestContext.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {c.Operator} | {c.Shape} | {c.Forward:E1} | {c.Gradient:E1} | {c.Limit:E1} | {c.Worst} |"
                )
            );
        record
            .Checks.Where(c => c.InForce)
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(c => c.Right && Math.Max(c.Forward!.Value, c.Gradient ?? 0) <= c.Limit / 4 && c.Fault == null);
        // Only oneDNN was switched off, and only where it is wrong.
        record.Checks.Should().NotContain(c => !c.InForce && (c.Path != "operators, oneDNN on" || OneDnnIsRight.Value));
    }

    [Test]
    public void Fused_kernels_are_right_in_float64_too_and_operators_in_float64_are_the_measure()
    {
        var fused = KernelSelfTest.Run(Config("tiny train.precision=float64", KernelChoice.Fused), TestPurpose.Training).Record;
        fused.Checks.Should().NotBeEmpty().And.OnlyContain(c => c.Right && c.Limit < 1e-13);
        var operators = KernelSelfTest.Run(Config("tiny train.precision=float64", KernelChoice.Operators), TestPurpose.Training).Record;
        operators.Checks.Should().BeEmpty();
        operators.Unchecked.Should().Be("float64 by TorchSharp's operators on the CPU is the reference for everything else");
    }

    [Test]
    public void Enhancing_checks_the_generator_forward_alone()
    {
        var record = KernelSelfTest.Run(Config("tiny", KernelChoice.Operators), TestPurpose.Enhancing).Record;
        record
            .Checks.Where(c => c.InForce)
            .Should()
            .OnlyContain(c => c.Right && c.Gradient == null && c.Forward != null)
            .And.NotContain(c => c.Operator.StartsWith("discriminator"));
        var without = KernelSelfTest.Run(Config("tiny loss.weights.gan=0", KernelChoice.Operators), TestPurpose.Training).Record;
        without.Checks.Should().NotContain(c => c.Operator.StartsWith("discriminator")).And.Contain(c => c.Gradient != null);
    }

    [Test]
    public void The_programs_random_numbers_are_not_touched()
    {
        manual_seed(5);
        var expected = rand(4).data<float>().ToArray();
        manual_seed(5);
        KernelSelfTest.Run(Config("tiny", KernelChoice.Fused), TestPurpose.Training);
        rand(4).data<float>().ToArray().Should().Equal(expected);
    }

    [TestCase(Fault.OneChannelsGradient, "feed forward", "gradient of input")]
    [TestCase(Fault.NotANumber, "convolution module", "gradient of input")]
    [TestCase(Fault.DilationOfALayer, "dense block", "")]
    [TestCase(Fault.FarPositions, "relative attention", "result")]
    [TestCase(
        Fault.WeightsGradient,
        "convolution 1x1,convolution 1x3, stride 2,sub-pixel convolution 1x3,convolution 1x2,discriminator's convolution 4x4, stride 2",
        "gradient of "
    )]
    [TestCase(Fault.OneSampleForAll, "instance norm and PReLU", "")]
    public void Wrong_fused_kernels_give_way_to_operators_and_exactly_the_broken_operator_is_named(
        Fault fault,
        string operators,
        string worst
    )
    {
        var tested = KernelSelfTest.Run(Config("tiny", KernelChoice.Fused), TestPurpose.Training, Broken(KernelChoice.Fused, fault));
        var wrong = tested.Record.Checks.Where(c => !c.Right && c.Path!.StartsWith("fused kernels")).ToList();
        foreach (var c in wrong)
            TestContext.Out.WriteLine($"{c.Path}: {c.Operator}, {c.Shape}: {c.Fault}");
        string.Join(",", wrong.Select(c => c.Operator).Distinct()).Should().Be(operators);
        wrong.Should().OnlyContain(c => !c.InForce && c.Worst!.StartsWith(worst));
        tested.Record.Kernels.State.Should().Be("operators");
        tested.Record.Kernels.Why.Should().StartWith($"wrong with fused kernels, oneDNN on: {operators.Split(",c")[0]} (");
        tested.Record.OneDnn.State.Should().Be(OneDnnIsRight.Value ? "on" : "off");
        tested.Record.Checks.Where(c => c.InForce).Should().NotBeEmpty().And.OnlyContain(c => c.Right && c.Path == Operators);
        tested
            .Sentence.Should()
            .StartWith($"Self-test of kernels: wrong with fused kernels, oneDNN on: {operators.Split(",c")[0]} (")
            .And.MatchRegex($@" Computing with {Operators}, where all \d+ checks are right\.$");
        tested.Kernels.Should().BeOfType<OperatorKernels>();
    }

    [Test]
    public void A_library_path_that_is_wrong_is_switched_off_and_the_kernels_stay()
    {
        // Wrong as long as libtorch says that oneDNN is on, on processors where it is right by itself.
        var tested = KernelSelfTest.Run(
            Config("tiny", KernelChoice.Operators),
            TestPurpose.Training,
            Broken(KernelChoice.Operators, Fault.WithOneDnn)
        );
        if (Paths.IsOn(LibraryPath.OneDnn) is null)
            Assert.Ignore("this libtorch cannot be switched");
        Paths.IsOn(LibraryPath.OneDnn).Should().BeFalse();
        tested
            .Record.OneDnn.Should()
            .Match<PathInForce>(p =>
                p.State == "off"
                && p.Why.StartsWith("wrong with operators, oneDNN on: ")
                && (!OneDnnIsRight.Value || p.Why.Contains(" on: feed forward (8 channels, 2x101): the "))
            );
        tested.Record.Checks.Should().Contain(c => c.Operator == "feed forward" && !c.Right && c.Path == "operators, oneDNN on");
        tested.Record.Kernels.Should().Be(new PathInForce("operators", "as configured"));
        tested.Record.Checks.Where(c => c.InForce).Should().OnlyContain(c => c.Right && c.Path == "operators, oneDNN off");

        // The next start finds out anew.
        var next = KernelSelfTest.Run(Config("tiny", KernelChoice.Operators), TestPurpose.Training).Record;
        next.OneDnn.State.Should().Be(OneDnnIsRight.Value ? "on" : "off");
        next.Checks.Should().NotContain(c => c.Operator == "feed forward" && !c.Right);
    }

    [Test]
    public void Two_faults_are_both_left_and_each_has_its_own_reason()
    {
        if (Paths.IsOn(LibraryPath.OneDnn) is null)
            Assert.Ignore("this libtorch cannot be switched");
        var record = KernelSelfTest
            .Run(Config("tiny", KernelChoice.Fused), TestPurpose.Training, choice => new FaultyKernels(
                NetworkKernels.For(choice),
                choice == KernelChoice.Fused ? Fault.NotANumber : Fault.WithOneDnn,
                Paths
            ))
            .Record;
        record
            .Kernels.Should()
            .Match<PathInForce>(p =>
                p.State == "operators" && p.Why.StartsWith("wrong with fused kernels, oneDNN on: convolution module (")
            );
        record.OneDnn.Should().Match<PathInForce>(p => p.State == "off" && p.Why.StartsWith("wrong with operators, oneDNN on: "));
        record.Checks.Should().Contain(c => c.Operator == "feed forward" && !c.Right && c.Path == "operators, oneDNN on");
        record
            .Checks.Where(c => !c.Right)
            .Select(c => c.Path)
            .Distinct()
            .Should()
            .Equal("fused kernels, oneDNN on", "fused kernels, oneDNN off", "operators, oneDNN on");
    }

    [Test]
    public void Where_no_way_is_right_the_run_is_refused_in_a_sentence()
    {
        var refusal = FluentActions
            .Invoking(() =>
                KernelSelfTest.Run(
                    Config("tiny", KernelChoice.Operators),
                    TestPurpose.Training,
                    Broken(KernelChoice.Operators, Fault.OneChannelsGradient)
                )
            )
            .Should()
            .Throw<KernelException>()
            .Which.Message;
        TestContext.Out.WriteLine(refusal);
        refusal
            .Should()
            .StartWith("This machine computes the networks wrongly, and no way to compute them is right. With operators, oneDNN on")
            .And.Contain(OneDnnIsRight.Value ? " on and with operators, oneDNN off: feed" : ". With operators, oneDNN off: feed")
            .And.Contain("operators, oneDNN off: feed forward (8 channels, 2x101): the gradient of input is off by 0.")
            .And.Contain(" of its largest value, 1.4E-05 is allowed. Training or enhancing")
            .And.EndWith(
                "Use another machine, another libtorch (docs/kernels.md), or a GPU; speechgan doctor repeats the test. To reproduce "
                    + "such a run on purpose, set train.onWrongKernels=record."
            );
        Paths.IsOn(LibraryPath.OneDnn).Should().NotBe(false, "what cured nothing is as it was");
    }

    [Test]
    public void A_run_that_is_to_go_on_with_wrong_kernels_has_them_in_force_in_its_record()
    {
        var tested = KernelSelfTest.Run(
            Config("tiny train.onWrongKernels=record", KernelChoice.Operators),
            TestPurpose.Training,
            Broken(KernelChoice.Operators, Fault.NotANumber)
        );
        tested
            .Record.Checks.Where(c => !c.Right)
            .Should()
            .ContainSingle(c => c.Operator == "convolution module")
            .Which.Should()
            .Match<KernelCheckRecord>(c =>
                c.InForce
                && c.Operator == "convolution module"
                && c.Gradient == null
                && c.Forward != null
                && c.Fault!.EndsWith("is not finite, or of another shape")
            );
        tested.Sentence.Should().EndWith("The run continues, as train.onWrongKernels=record says.");
        tested.Kernels.Should().BeOfType<FaultyKernels>();
        System.Text.Json.JsonSerializer.Serialize(tested.Record, RunJson.Document).Should().NotContain("NaN");
    }

    [Test]
    public void Kernels_that_cannot_compute_are_wrong_and_the_record_says_why()
    {
        var tested = KernelSelfTest.Run(Config("tiny", KernelChoice.Fused), TestPurpose.Training, Broken(KernelChoice.Fused, Fault.Throws));
        tested
            .Record.Checks.Where(c => !c.Right && c.Path!.StartsWith("fused kernels"))
            .Should()
            .NotBeEmpty()
            .And.OnlyContain(c =>
                c.Operator == "relative attention"
                && c.Forward == null
                && c.Gradient == null
                && c.Worst == null
                && c.Fault == "it cannot be computed (no such vector)"
            );
        tested.Record.Kernels.State.Should().Be("operators");
    }

    [TestCase("cuda")]
    [TestCase("cuda:7")]
    public void A_device_that_is_not_there_is_said_before_anything_is_tested(string name)
    {
        if (cuda.is_available())
            Assert.Ignore("this machine has a CUDA device");
        FluentActions
            .Invoking(() =>
                KernelSelfTest.Run(Config($"tiny train.device={name}", KernelChoice.Fused), TestPurpose.Training, _ =>
                    throw new NotSupportedException("tested")
                )
            )
            .Should()
            .Throw<EngineException>()
            .WithMessage($"Device '{name}' was asked for, and libtorch *");
    }

    private static Func<KernelChoice, INetworkKernels> Broken(KernelChoice which, Fault fault) =>
        choice => choice == which ? new FaultyKernels(NetworkKernels.For(choice), fault, Paths) : NetworkKernels.For(choice);

    /// <summary>A preset, or the tiny one with knobs.</summary>
    private static RunConfig Config(string words, KernelChoice choice)
    {
        var parts = words.Split(' ');
        var config = parts[0].Contains('=') ? Presets.Find("tiny") : Presets.Find(parts[0]);
        return config.With([
            .. parts.Where(p => p.Contains('=')),
            $"train.kernels={(choice == KernelChoice.Fused ? "fused" : "operators")}",
        ]);
    }
}
