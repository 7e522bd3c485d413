using SpeechGan.Configuration;
using SpeechGan.Kernels.Convolution;
using SpeechGan.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SpeechGan.Kernels.SelfTest;

/// <summary>
/// What the configured networks are made of, at their own channels, kernels and bins, over a few frames: libraries choose their kernels by
/// the former, and time goes with the latter.
/// </summary>
/// <param name="config">The run.</param>
/// <param name="purpose">What of them is used.</param>
internal sealed class NetworkChecks(RunConfig config, TestPurpose purpose)
{
    private const long Batch = 2,
        Frames = 2;
    private const long WideBins = Spectrum.Bins,
        Bins = (Spectrum.Bins + 1) / 2;

    // Frames enough for the largest dilation; bins that fill no vector.
    private const long BlockFrames = (1 << (DilatedDenseBlock.Depth - 1)) + 2,
        BlockBins = 13;

    // More positions than the table has distances to one side: as evaluation and long files have, and short cuts in training have not.
    private const long FarPositions = DistanceEmbedding.MostDistance + 18;

    // Dropout that drops nothing: the kernels' way with it, and results that can be compared, in float32.
    private const double NoDropout = 1e-12;

    private readonly long channels = config.Model.Channels;
    private readonly long heads = config.Model.Heads;

    private bool Trains => purpose == TestPurpose.Training;

    // LayerNorm over fewer channels takes nearly all of a gradient out: what is left of it is rounding.
    private bool HasGradientOfLayerNorm => Trains && channels > 3;

    /// <summary>All that are computed with kernels of a choice, in the order of the networks.</summary>
    public IReadOnlyList<KernelCheck> Of(KernelChoice choice) =>
        [
            Transform(),
            InverseTransform(),
            .. Convolutions(),
            .. choice == KernelChoice.Operators ? PartsOperators() : [],
            .. Norms(),
            .. Parts(),
            .. Trains && config.Train.SyncBatchNorm ? SynchronisedParts(choice) : [],
            .. Trains && config.HasDiscriminator ? OfDiscriminator() : [],
        ];

    private IEnumerable<KernelCheck> Convolutions()
    {
        yield return Convolution("convolution 1x1", 3, channels, (1, 1), (Frames, WideBins), ConvolutionShape.Dense);
        yield return Convolution(
            "convolution 1x3, stride 2",
            channels,
            channels,
            (1, 3),
            (Frames, WideBins),
            new ConvolutionShape((1, 2), (0, 1))
        );
        yield return new KernelCheck(
            "sub-pixel convolution 1x3",
            $"{channels} to {2 * channels} channels, {Frames}x{Bins}",
            [Batch, channels, Frames, Bins],
            Math.Max(6 * channels, Batch * Frames * Bins),
            k => new SubPixelConvolution(channels, k)
        )
        {
            Gradients = Trains,
        };
        yield return Convolution("convolution 1x2", channels, 2, (1, 2), (Frames, 2 * Bins), ConvolutionShape.Dense);
        yield return Convolution("convolution 1x2", channels, 1, (1, 2), (Frames, 2 * Bins), ConvolutionShape.Dense);
        yield return Convolution("convolution 1x1", 1, 1, (1, 1), (Frames, WideBins), ConvolutionShape.Dense);
    }

    /// <summary>Convolutions of the parts, where those are computed operator by operator.</summary>
    private IEnumerable<KernelCheck> PartsOperators()
    {
        foreach (var bins in new[] { WideBins, Bins })
            for (var i = 0; i < DilatedDenseBlock.Depth; i++)
            {
                var (from, dilation) = ((i + 1) * channels, 1L << i);
                yield return new KernelCheck(
                    $"convolution 2x3, dilation {dilation}",
                    $"{from} to {channels} channels, {Frames + dilation}x{bins + 2}",
                    [Batch, from, Frames + dilation, bins + 2],
                    Math.Max(6 * from, Batch * Frames * bins),
                    _ => Conv2d(from, channels, (2L, 3L), dilation: (dilation, 1L))
                )
                {
                    Gradients = Trains,
                };
            }
        yield return Depthwise();
    }

    /// <summary>The convolution module as ranks compute it with common statistics: operator by operator, whatever the kernels
    /// are.</summary>
    private IEnumerable<KernelCheck> SynchronisedParts(KernelChoice choice)
    {
        if (choice == KernelChoice.Fused)
            yield return Depthwise();
        yield return new KernelCheck(
            "convolution module, synchronised BatchNorm",
            $"{channels} channels, {Batch}x{Bins}",
            [Batch, Bins, channels],
            Batch * Bins,
            Synchronised
        )
        {
            Gradients = HasGradientOfLayerNorm,
            Prepare = OpenGates,
        };
    }

    // One rank of one: sums are its own.
    private ConvolutionModule Synchronised(INetworkKernels kernels)
    {
        var module = new ConvolutionModule(channels, kernels);
        module.Synchronise(sum => sum);
        return module;
    }

    private KernelCheck Depthwise()
    {
        var taps = ConvolutionModule.Kernel;
        return new KernelCheck(
            $"depthwise convolution, {taps} taps",
            $"{2 * channels} channels, {Batch}x{Bins}",
            [Batch, 2 * channels, Bins],
            Batch * Bins,
            _ => Conv1d(2 * channels, 2 * channels, taps, padding: taps / 2, groups: 2 * channels)
        )
        {
            Gradients = Trains,
        };
    }

    private IEnumerable<KernelCheck> Norms()
    {
        yield return NormActivation(channels, Frames, WideBins);
        yield return NormActivation(1, Frames, WideBins);
        yield return new KernelCheck("PReLU", $"{WideBins} slopes, {Frames} frames", [Batch, WideBins, Frames, 1], Batch * Frames, _ =>
            PReLU(WideBins)
        )
        {
            Gradients = Trains,
        };
        yield return new KernelCheck("layer norm", $"{channels} channels, {Batch}x{Bins}", [Batch, Bins, channels], Batch * Bins, _ =>
            LayerNorm(channels)
        )
        {
            Gradients = HasGradientOfLayerNorm,
        };
    }

    private IEnumerable<KernelCheck> Parts()
    {
        long[] sequences = [Batch, Bins, channels];
        var (shape, positions) = ($"{channels} channels, {Batch}x{Bins}", Batch * Bins);
        var dropout = Trains && config.Model.Dropout > 0 && config.Train.Precision == Precision.Float32 ? NoDropout : 0;
        yield return new KernelCheck("feed forward", shape, sequences, Math.Max(positions, 4 * channels), k => new FeedForward(
            channels,
            dropout,
            k
        ))
        {
            Reference = () => new FeedForward(channels, 0, new OperatorKernels()),
            Gradients = HasGradientOfLayerNorm,
            Training = Trains,
        };
        yield return new KernelCheck("relative attention", $"{shape}, {heads} heads", sequences, positions, k => new RelativeAttention(
            channels,
            heads,
            dropout,
            k
        ))
        {
            Reference = () => new RelativeAttention(channels, heads, 0, new OperatorKernels()),
            Gradients = HasGradientOfLayerNorm,
            Training = Trains,
        };
        yield return new KernelCheck(
            "relative attention",
            $"{channels} channels, 1x{FarPositions}, {heads} heads",
            [1, FarPositions, channels],
            FarPositions,
            k => new RelativeAttention(channels, heads, 0, k)
        )
        {
            Gradients = false,
            Training = false,
        };
        yield return new KernelCheck("convolution module", shape, sequences, positions, k => new ConvolutionModule(channels, k))
        {
            Gradients = HasGradientOfLayerNorm,
            Training = Trains,
            Prepare = OpenGates,
        };
        yield return new KernelCheck(
            "dense block",
            $"{channels} channels, {BlockFrames}x{BlockBins}",
            [Batch, channels, BlockFrames, BlockBins],
            Math.Max(6 * DilatedDenseBlock.Depth * channels, Batch * BlockFrames * BlockBins),
            k => new DilatedDenseBlock(channels, k)
        )
        {
            Gradients = Trains,
            Prepare = KeepFromBending,
        };
    }

    private IEnumerable<KernelCheck> OfDiscriminator()
    {
        var features = config.Discriminator.Features;
        long[] widths = [2, features, 2 * features, 4 * features, 8 * features];
        var (rows, columns) = (16L, 64L);
        for (var i = 0; i < 4; i++, rows /= 2, columns /= 2)
        {
            var (from, to) = (widths[i], widths[i + 1]);
            yield return new KernelCheck(
                "discriminator's convolution 4x4, stride 2",
                $"{from} to {to} channels, {rows}x{columns}",
                [Batch, from, rows, columns],
                Math.Max(16 * from, Batch * rows * columns / 4),
                k => new SpectralConvolution(from, to, k)
            );
        }
        yield return NormActivation(widths[^1], rows * 4, columns);
        foreach (var (from, to) in new[] { (8L * features, 4L * features), (4L * features, 1L) })
            yield return new KernelCheck("discriminator's linear layer", $"{from} to {to}", [Batch, from], from, _ => new SpectralLinear(
                from,
                to
            ));
    }

    private KernelCheck Convolution(
        string name,
        long from,
        long to,
        (long Rows, long Columns) kernel,
        (long Rows, long Columns) image,
        ConvolutionShape shape
    ) =>
        new(
            name,
            $"{from} to {to} channels, {image.Rows}x{image.Columns}",
            [Batch, from, image.Rows, image.Columns],
            Math.Max(kernel.Rows * kernel.Columns * Math.Max(from, to), Batch * image.Rows * image.Columns),
            k => new PlainConvolution(from, to, kernel, shape, k)
        )
        {
            Gradients = Trains,
        };

    private KernelCheck NormActivation(long width, long rows, long columns) =>
        new(
            "instance norm and PReLU",
            $"{width} channels, {rows}x{columns}",
            [Batch, width, rows, columns],
            Batch * rows * columns,
            k => new NormActivation(width, k)
        )
        {
            Gradients = Trains,
            Prepare = CentreNorms,
        };

    private KernelCheck Transform() =>
        new(
            "short-time Fourier transform",
            $"{Spectrum.FftLength} points, hop {Spectrum.Hop}",
            [Batch, 8 * Spectrum.Hop],
            Spectrum.FftLength,
            _ => new Function(x =>
            {
                using var spectrum = new Spectrum(x.dtype, x.device);
                return view_as_real(
                    stft(x, Spectrum.FftLength, Spectrum.Hop, Spectrum.FftLength, spectrum.Window, onesided: true, return_complex: true)
                );
            })
        )
        {
            Gradients = Trains,
        };

    private KernelCheck InverseTransform() =>
        new(
            "inverse short-time Fourier transform",
            $"{Spectrum.FftLength} points, hop {Spectrum.Hop}",
            [Batch, Spectrum.Bins, 9, 2],
            Spectrum.FftLength,
            _ => new Function(x =>
            {
                using var spectrum = new Spectrum(x.dtype, x.device);
                return istft(view_as_complex(x), Spectrum.FftLength, Spectrum.Hop, Spectrum.FftLength, spectrum.Window, onesided: true);
            })
        )
        {
            Gradients = Trains,
        };

    // InstanceNorm gives values about 0, where a PReLU bends: half of the channels are moved to its one side, half to the other.
    private static void KeepFromBending(Module block)
    {
        using var quiet = no_grad();
        foreach (var (name, parameter) in block.named_parameters().Where(p => p.name.StartsWith("norm", StringComparison.Ordinal)))
        {
            if (name.EndsWith("weight", StringComparison.Ordinal))
                parameter.mul_(0.5);
            else
                parameter.copy_((arange(parameter.shape[0]).remainder(2) * 8) - 4);
        }
    }

    // A single norm keeps the gap that inputs have about 0 (CheckValues) as long as nothing is added: both sides of the bend meet in one
    // vector.
    private static void CentreNorms(Module module)
    {
        using var quiet = no_grad();
        module.get_parameter("norm.bias")!.zero_();
    }

    // Initial weights leave the gates nearly constant, and BatchNorm then takes most of the gradient before them out again: what is left is
    // half rounding.
    private static void OpenGates(Module module)
    {
        using var quiet = no_grad();
        module.get_parameter("net.2.weight")!.mul_(4);
    }
}
