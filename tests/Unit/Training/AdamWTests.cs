using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SpeechGan.Tests.Unit.Training;

/// <summary>The optimiser against the paper's recurrence computed here with plain doubles.</summary>
[RequiresTensorEngine]
internal sealed class AdamWTests
{
    private const double Rate = 1e-2,
        Beta1 = 0.9,
        Beta2 = 0.999,
        Eps = 1e-8,
        Decay = 0.01;

    private DisposeScope scope = null!;

    [SetUp]
    public void Open() => scope = NewDisposeScope();

    [TearDown]
    public void Close() => scope.Dispose();

    [Test]
    public void Ten_steps_are_the_paper_s_recurrence()
    {
        var random = new Random(4);
        double[] p = [1.5, -0.3, 0, 1e-3],
            m = new double[4],
            v = new double[4];
        var parameter = nn.Parameter(tensor(p));
        using var optimizer = Make(parameter);
        for (var t = 1; t <= 10; t++)
        {
            var g = p.Select(_ => random.NextDouble() - 0.5).ToArray();
            var rate = t <= 5 ? Rate : Rate / 2; // a schedule sets it
            foreach (var group in optimizer.ParamGroups)
                group.LearningRate = rate;
            parameter.grad = tensor(g);
            optimizer.step();
            for (var k = 0; k < 4; k++)
            {
                p[k] *= 1 - (rate * Decay);
                m[k] = (Beta1 * m[k]) + ((1 - Beta1) * g[k]);
                v[k] = (Beta2 * v[k]) + ((1 - Beta2) * g[k] * g[k]);
                p[k] -= rate / (1 - Math.Pow(Beta1, t)) * m[k] / ((Math.Sqrt(v[k]) / Math.Sqrt(1 - Math.Pow(Beta2, t))) + Eps);
            }
            parameter.detach().data<double>().ToArray().Should().Equal(p, (a, b) => Math.Abs(a - b) < 1e-14, $"step {t}");
        }
    }

    [Test]
    public void Decay_is_zero_unless_asked_for_as_in_TorchSharp()
    {
        var parameter = nn.Parameter(ones(1, float64));
        using var optimizer = optim.AdamW([parameter], lr: 0.1);
        parameter.grad = zeros(1, float64);
        optimizer.step();
        parameter.ToDouble().Should().Be(1);
    }

    [Test]
    public void A_state_written_and_read_continues_bit_for_bit()
    {
        Parameter one = nn.Parameter(tensor(new[] { 1.0, 2.0 })),
            two = nn.Parameter(tensor(new[] { 1.0, 2.0 }));
        using AdamW a = Make(one),
            b = Make(two);
        Step(a, one, 0.5);
        Step(a, one, -0.25);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
            a.save_state_dict(writer);
        stream.Position = 0;
        using (var reader = new BinaryReader(stream))
            b.load_state_dict(reader);
        using (no_grad())
            two.copy_(one);
        Step(a, one, 0.125);
        Step(b, two, 0.125);
        two.detach().data<double>().ToArray().Should().Equal(one.detach().data<double>().ToArray());
    }

    [Test]
    public void A_parameter_without_a_gradient_is_left_alone()
    {
        var parameter = nn.Parameter(ones(1, float64));
        using var optimizer = Make(parameter);
        optimizer.step();
        parameter.ToDouble().Should().Be(1);
    }

    private static AdamW Make(Parameter p) => optim.AdamW([p], lr: Rate, beta1: Beta1, beta2: Beta2, eps: Eps, weight_decay: Decay);

    private static void Step(AdamW optimizer, Parameter p, double gradient)
    {
        p.grad = full([2], gradient, float64);
        optimizer.step();
    }
}
