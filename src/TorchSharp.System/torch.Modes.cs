using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);
    public static bool is_grad_enabled() => Native.sg_grad_mode() != 0;

    public static int get_num_threads() => Native.sg_num_threads();
    public static void set_num_threads(int num) => Native.Check(Native.sg_set_num_threads(num), "set_num_threads");
    public static int get_num_interop_threads() => Native.sg_num_interop_threads();
    public static void set_num_interop_threads(int num) => Native.Check(Native.sg_set_num_interop_threads(num), "set_num_interop_threads");

    public static bool cuda_is_available() => cuda.is_available();

    private sealed class GradMode : IDisposable
    {
        private readonly int before = Native.sg_grad_mode();

        public GradMode(bool on) => Native.sg_set_grad_mode(on ? 1 : 0);

        public void Dispose() => Native.sg_set_grad_mode(before);
    }

    public static class cuda
    {
        public static bool is_available() => device_count() > 0;
        public static int device_count() => Native.sg_cuda_count();
        public static void manual_seed(long seed) => torch.manual_seed(seed);
        public static void manual_seed_all(long seed) => torch.manual_seed(seed);

        /// <summary>Waits for the device: reads one element back, which libtorch orders after all that was queued.</summary>
        public static void synchronize(Device? device = null)
        {
            using var one = zeros([1], float32, device ?? CUDA);
            using var here = one.cpu();
        }
    }

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => Native.sg_tf32(1) != 0;
                    set => Native.Check(Native.sg_set_tf32(1, value ? 1 : 0), "allow_tf32");
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => Native.sg_tf32(0) != 0;
                set => Native.Check(Native.sg_set_tf32(0, value ? 1 : 0), "allow_tf32");
            }
        }
    }
}
