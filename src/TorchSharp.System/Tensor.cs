using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// One reference to a libtorch tensor. Freed by Dispose, by its dispose scope, or at last by the finalizer.
    /// </summary>
    public partial class Tensor : IDisposable
    {
        private static long live, peak;
        private nint handle;

        internal Tensor(nint handle)
        {
            this.handle = handle;
            if (handle == 0)
            {
                GC.SuppressFinalize(this);
                return;
            }
            var now = Interlocked.Increment(ref live);
            for (var seen = Volatile.Read(ref peak); now > seen;)
            {
                var before = Interlocked.CompareExchange(ref peak, now, seen);
                if (before == seen)
                    break;
                seen = before;
            }
            DisposeScope.Innermost?.Own(this);
        }

        ~Tensor() => Dispose(false);

        /// <summary>Tensors alive now, in the whole process: constant over training steps, or something leaks.</summary>
        public static long TotalCount => Interlocked.Read(ref live);

        /// <summary>The largest <see cref="TotalCount"/> there has been.</summary>
        public static long PeakCount => Interlocked.Read(ref peak);

        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("This tensor has been disposed or moved.");
        public bool IsInvalid => handle == 0;

        internal DisposeScope? Scope { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var h = Interlocked.Exchange(ref handle, 0);
            if (h == 0)
                return;
            if (disposing)
                Scope?.MarkAsDisposed(this);
            Native.sg_free(h);
            Interlocked.Decrement(ref live);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        /// <summary>Takes the handle and the place in the scope of <paramref name="other"/>, which becomes empty.</summary>
        internal Tensor(Tensor other, bool takeOver)
        {
            _ = takeOver;
            handle = other.Handle;
            other.handle = 0;
            var scope = other.Scope;
            scope?.MarkAsDisposed(other);
            scope?.Own(this);
            GC.SuppressFinalize(other);
        }

        /// <summary>Puts another libtorch tensor behind this object (module.to): this object's identity stays.</summary>
        internal void Become(Tensor other)
        {
            using (torch.no_grad())
                Native.Check(Native.sg_set_data(Handle, other.Handle), "set_data");
            GC.KeepAlive(other);
        }

        public long dim()
        {
            Shape(out var sizes, out _);
            return sizes.Length;
        }

        public long ndim => dim();
        public long numel() => NumberOfElements;

        public long NumberOfElements
        {
            get
            {
                long n = 1;
                foreach (var s in shape)
                    n *= s;
                return n;
            }
        }

        public long[] shape
        {
            get
            {
                Shape(out var sizes, out _);
                return sizes;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            var s = shape;
            return s[dim < 0 ? dim + s.Length : dim];
        }

        public long[] stride()
        {
            Shape(out _, out var strides);
            return strides;
        }

        public ScalarType dtype
        {
            get
            {
                var type = (ScalarType)Native.sg_dtype(Handle);
                GC.KeepAlive(this);
                return type;
            }
        }

        public Device device
        {
            get
            {
                var type = (DeviceType)Native.sg_device(Handle, out var index);
                GC.KeepAlive(this);
                return new Device(type, index);
            }
        }

        public DeviceType device_type => device.type;

        public bool is_floating_point() => dtype is ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16;
        public bool is_complex() => dtype is ScalarType.ComplexFloat32 or ScalarType.ComplexFloat64;

        public bool is_contiguous()
        {
            var yes = Native.sg_contiguous(Handle) != 0;
            GC.KeepAlive(this);
            return yes;
        }

        public long ElementSize => dtype switch
        {
            ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
            ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
            ScalarType.Int32 or ScalarType.Float32 => 4,
            ScalarType.ComplexFloat64 => 16,
            _ => 8,
        };

        public override string ToString() => IsInvalid ? "[disposed]" : $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        private unsafe void Shape(out long[] sizes, out long[] strides)
        {
            const int most = 16;
            long* s = stackalloc long[most], t = stackalloc long[most];
            Native.Check(Native.sg_shape(Handle, s, t, most, out var n), "shape");
            GC.KeepAlive(this);
            sizes = new ReadOnlySpan<long>(s, n).ToArray();
            strides = new ReadOnlySpan<long>(t, n).ToArray();
        }
    }
}
