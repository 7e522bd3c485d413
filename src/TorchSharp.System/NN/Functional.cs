using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long { None = 0, Mean = 1, Sum = 2 }

        public static class functional
        {
            private static readonly Op
                Conv1dOp = new("conv1d"), Conv2dOp = new("conv2d"), LinearOp = new("linear"), DropoutOp = new("dropout"), DropoutOp_ = new("dropout_"),
                MseOp = new("mse_loss"), L1Op = new("l1_loss"), BatchNormOp = new("batch_norm"), InstanceNormOp = new("instance_norm"),
                LayerNormOp = new("layer_norm"), PreluOp = new("prelu"), SiluOp = new("silu"), SiluOp_ = new("silu_"), ReluOp_ = new("relu_"), LeakyOp_ = new("leaky_relu_"), GluOp = new("glu"), PadOp = new("constant_pad_nd"),
                Reflect1d = new("reflection_pad1d"), Reflect2d = new("reflection_pad2d"), AdaptiveMaxPool2d = new("adaptive_max_pool2d"),
                PixelShuffleOp = new("pixel_shuffle"), LeakyOp = new("leaky_relu");

            public static Tensor conv1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                Conv1dOp.Call(input, weight, bias, new[] { stride ?? 1 }, new[] { padding ?? 0 }, new[] { dilation ?? 1 }, groups);

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                long groups = 1) =>
                Conv2dOp.Call(input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => LinearOp.Call(input, weights, bias);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Here(DropoutOp_, input, input, p, training) : DropoutOp.Call(input, p, training);

            private static Tensor Here(Op op, Tensor changed, params ReadOnlySpan<Arg> args)
            {
                op.Run(args);
                return changed;
            }

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                MseOp.Call(input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                L1Op.Call(input, target, (long)reduction);

            public static Tensor batch_norm(
                Tensor input, Tensor running_mean, Tensor running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-05) =>
                BatchNormOp.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor instance_norm(
                Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null,
                bool use_input_stats = true, double momentum = 0.1, double eps = 1e-05) =>
                InstanceNormOp.Call(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, true);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                LayerNormOp.Call(input, normalized_shape, weight, bias, eps);

            public static Tensor prelu(Tensor input, Tensor weight) => PreluOp.Call(input, weight);
            public static Tensor silu(Tensor x, bool inplace = false) => inplace ? Here(SiluOp_, x, x) : SiluOp.Call(x);
            public static Tensor sigmoid(Tensor x) => x.sigmoid();
            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? Here(ReluOp_, x, x) : x.relu();
            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                inplace ? Here(LeakyOp_, input, input, negative_slope) : LeakyOp.Call(input, negative_slope);
            public static Tensor glu(Tensor input, long dim = -1) => GluOp.Call(input, dim);
            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => PixelShuffleOp.Call(input, upscale_factor);
            public static Tensor adaptive_max_pool2d(Tensor input, long[] output_size) => AdaptiveMaxPool2d.Many(input, output_size)[0];

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => PadOp.Call(input, pad, value),
                PaddingModes.Reflect => (pad.Length == 2 ? Reflect1d : Reflect2d).Call(input, pad),
                _ => throw new NotSupportedException($"pad: mode '{mode}' is not supported by this engine."),
            };

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);
        }

        public static class init
        {
            public static Tensor ones_(Tensor tensor) => Quietly(tensor, t => t.fill_(1));
            public static Tensor zeros_(Tensor tensor) => Quietly(tensor, t => t.zero_());
            public static Tensor constant_(Tensor tensor, Scalar val) => Quietly(tensor, t => t.fill_(val));
            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                Quietly(tensor, t => t.uniform_(low, high));
            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                Quietly(tensor, t => t.normal_(mean, std));

            private static Tensor Quietly(Tensor tensor, Action<Tensor> fill)
            {
                using (no_grad())
                    fill(tensor);
                return tensor;
            }
        }

        public static class utils
        {
            /// <summary>Scales all gradients so that their common norm is at most <paramref name="max_norm"/>; the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Modules.Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var scope = NewDisposeScope();
                var grads = tensors.Select(p => p.grad).OfType<Tensor>().ToArray();
                if (grads.Length == 0)
                    return 0;
                var total = linalg.vector_norm(stack(grads.Select(g => linalg.vector_norm(g, norm_type))), norm_type).ToDouble();
                var scale = max_norm / (total + 1e-6);
                if (scale < 1)
                    foreach (var g in grads)
                        g.mul_(scale);
                return total;
            }
        }
    }
}
